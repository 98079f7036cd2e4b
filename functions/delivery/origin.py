"""Where callers reach this deployment, and what is served at an address of it."""

from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.request import request
from shared.services.shelves import Shelf


def origin() -> str:
    """As it was configured, or else as this caller did; without a slash at the end."""
    headers = request().headers
    reached = f"{headers.get('x-forwarded-proto', 'https')}://{headers.get('host', '')}"
    return services().settings.public_url.rstrip("/") or reached


def shelf_at(name: str) -> Shelf:
    """What the area's org serves under a name: its own slug, or the slug of a marketplace.

    Raises: NotFound for one that is not open to the caller.
    """
    base = request().base
    is_org = name == base.rpartition("/")[2] and not name.startswith("org_")
    return services().shelves.open(actor(), name, f"{origin()}{base}/{name}", is_org=is_org)
