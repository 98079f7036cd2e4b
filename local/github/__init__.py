"""A far side of GitHub on this machine: real git repositories behind GitHub's own endpoints and webhooks."""

from local.github.conditions import Sizes
from local.github.keys import generate_app_key, public_key_of
from local.github.stand_in import GitHubStandIn
from local.github.writing import File

__all__ = ["File", "GitHubStandIn", "Sizes", "generate_app_key", "public_key_of"]
