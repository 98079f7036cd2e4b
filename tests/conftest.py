"""Fixtures that every test may use; each lives in the file of what it gives."""

from hypothesis import settings

# How long an example takes says more about what else the machine does than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A plugin comes before those that import it: pytest rewrites the asserts of a module once, when it is loaded.
pytest_plugins = [
    "tests.fixtures.stack",
    "tests.fixtures.calls",
    "tests.fixtures.github",
    "tests.fixtures.quick_botocore",
    "tests.fixtures.quick_moto",
    "tests.fixtures.logs",
    "tests.fixtures.people",
]
