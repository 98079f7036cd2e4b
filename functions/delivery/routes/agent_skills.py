"""The Agent Skills index below a path that carries its credential: for `npx skills` and OpenCode, which send none."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.delivery.renderings import answer_rendered
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.routes import Routes

routes = Routes(validated=False)


@routes.get("/agent-skills/index.json")
def get_skill_index() -> Response[str]:
    """Every skill of the plugins that the path's token may have."""
    return Response(HTTPStatus.OK, "application/json", services().agent_skills.index(actor()).decode())


@routes.get("/agent-skills/<artifact>")
def get_skill_archive(artifact: str) -> Response[bytes]:
    """A skill as a .tar.gz with SKILL.md at its root, by the name that the index gives it."""
    return answer_rendered(services().agent_skills.archive(actor(), artifact))


@routes.get("/agent-skills/<skill>/<file_path>")
def get_skill_file(skill: str, file_path: str) -> Response[bytes]:
    """One file of a skill, as it is."""
    return answer_rendered(services().agent_skills.file(actor(), skill, file_path))
