"""When checking against a schema is given up."""


class TooCostly(Exception):
    """Checking would take more steps than any real document does."""
