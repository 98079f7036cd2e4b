"""The deployment that tests look at, and how they find its resources."""

from collections.abc import Callable
from typing import Any

CHOICES = {
    "oidcIssuer": "https://login.example.com",
    "oidcAudience": "plugin-depot",
    "oidcGroupsClaim": "groups",
    "githubAppId": "12345",
    "bundle": "none",
}

# Properties by logical id, of every resource of one type.
Resources = dict[str, dict[str, Any]]
Find = Callable[[str], Resources]
