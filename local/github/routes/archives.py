"""Archives: a redirect that lasts five minutes, and the download behind it."""

from urllib.parse import quote

from local.github.router import Access, Call, Routes
from local.github.routes.repositories import commit_of
from local.github.wire import Refusal, Response

routes = Routes()
_DOCS = "repos/contents#download-a-repository-archive-tar"


@routes.on("GET", "{repository}/tarball", Access.CONTENTS, _DOCS)
@routes.on("GET", "{repository}/tarball/{ref+}", Access.CONTENTS, _DOCS)
def redirect_to_tarball(call: Call) -> Response:
    ref = call.values.get("ref", call.repository.default_branch)
    try:
        commit_of(call, ref)
    except Refusal as refusal:
        raise Refusal(404, "Not Found") from refusal
    path = f"/_codeload/{call.repository.full_name}/legacy.tar.gz/{quote(ref)}"
    token = call.world.archive_links.token(path)
    return Response(302, b"", {"Location": f"{call.world.url}{path}?token={token}"})


@routes.on("GET", "/_codeload/{owner}/{name}/legacy.tar.gz/{ref+}", Access.ANYONE)
def download_tarball(call: Call) -> Response:
    """Needs no credential but the address itself."""
    repository = call.world.repositories.by_name(f"{call.values['owner']}/{call.values['name']}")
    token = call.request.query.get("token", "")
    commit = repository.git.commit_id(call.values["ref"]) if repository else None
    if not (repository and commit and call.world.archive_links.opens(call.request.path, token)):
        return Response(404, b"404: Not Found", {"Content-Type": "text/plain; charset=utf-8"})
    folder = f"{repository.owner}-{repository.name}-{commit[:7]}"
    headers = {
        "Content-Type": "application/x-gzip",
        "Content-Disposition": f"attachment; filename={folder}.tar.gz",
    }
    return Response(200, repository.git.archive(commit, folder), headers)
