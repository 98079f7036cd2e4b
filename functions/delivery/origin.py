"""Where callers reach this deployment."""

from shared.bootstrap import services
from shared.http.request import request


def origin() -> str:
    """As it was configured, or else as this caller did; without a slash at the end."""
    headers = request().headers
    reached = f"{headers.get('x-forwarded-proto', 'https')}://{headers.get('host', '')}"
    return services().settings.public_url.rstrip("/") or reached
