"""Addresses that clients are set up with, for one caller."""

from shared.http.models import Output


class Links(Output):
    """`agentSkills` opens with nothing else: keep it as you keep the token that it derives from and ends with.

    It is null for who signed in without a token. The others want a credential beside them.
    """

    git_marketplace: str
    json_marketplace: str
    agent_skills: str | None
