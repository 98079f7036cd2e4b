"""The addresses that a caller sets clients up with."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.models.links import Links
from functions.delivery.origin import origin
from shared.bootstrap import services
from shared.http.actor import AGENT_SKILLS, MCP_REGISTRY, actor
from shared.http.answers import Detail, detail
from shared.http.routes import Routes

routes = Routes()


@routes.get("/links")
def get_links() -> Response[Detail[Links]]:
    """Where clients find what the caller may have.

    `agentSkills` and `mcpRegistry` are for clients that send no header: each path carries a ticket that derives from
    the caller's token, opens that place alone, and ends when the token does.
    """
    at, slug = origin(), services().organizations.get(actor()).slug
    skills, registry = (
        services().authentication.issue_ticket(actor(), place) for place in (AGENT_SKILLS, MCP_REGISTRY)
    )
    return detail(
        Links(
            git_marketplace=f"{at}/git/{slug}/{slug}.git",
            json_marketplace=f"{at}/m/{slug}/{slug}/marketplace.json",
            open_code=f"{at}/o/{slug}",
            npm=f"{at}/npm/{slug}/",
            agent_skills=f"{at}/o/{slug}/t/{skills}" if skills else None,
            mcp_registry=f"{at}/mcp-registry/{slug}/{registry}" if registry else None,
        )
    )
