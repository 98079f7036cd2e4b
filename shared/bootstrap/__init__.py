"""The composition root: far sides, repositories over them, use cases over those."""

from functools import cache

from shared.bootstrap.far_sides import utc_now
from shared.bootstrap.use_cases import Services
from shared.settings import Settings

__all__ = ["Services", "services", "utc_now"]


@cache
def services() -> Services:
    """This process's services; opened once, kept between invocations."""
    return Services(Settings.from_environment())
