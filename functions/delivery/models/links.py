"""Addresses that clients are set up with, for one caller."""

from shared.http.models import Output


class Links(Output):
    """`agentSkills` and `mcpRegistry` open with nothing else: keep them as you keep the token that they end with.

    They are null for who signed in without a token. The others want a credential beside them: `openCode` is where
    `opencode auth login` signs in, `npm` the registry of the org's scope.
    """

    git_marketplace: str
    json_marketplace: str
    open_code: str
    npm: str
    agent_skills: str | None
    mcp_registry: str | None
