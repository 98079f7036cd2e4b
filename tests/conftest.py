"""Fixtures that every test may use; each lives in the file of what it gives."""

pytest_plugins = [
    "tests.fixtures.calls",
    "tests.fixtures.github",
    "tests.fixtures.moto_transactions",
    "tests.fixtures.people",
    "tests.fixtures.stack",
]
