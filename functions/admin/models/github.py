"""GitHub's own part of connector setup on the wire."""

from shared.http.models import Moment, Output


class InstallStarted(Output):
    """Open `installUrl` in a browser; it leads back here, and is good until `expiresAt`, once."""

    install_url: str
    expires_at: Moment
