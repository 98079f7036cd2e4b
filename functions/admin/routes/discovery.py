"""Discovery of an instance's repository: look, see what was found, and apply it."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.discovery import (
    AppliedRead,
    ApplyInput,
    DiscoveryQuery,
    DiscoveryRead,
    PathRead,
    RefreshInput,
    TreeQuery,
)
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, Queued, created, detail, listing, queued
from shared.http.idempotency import idempotent
from shared.http.path_ids import InstanceId
from shared.http.routes import Routes

routes = Routes()

BASE = "/connector-instances/<instance_id>/discovery"


@routes.get(BASE)
def get_discovery(
    instance_id: InstanceId, query: Annotated[DiscoveryQuery, Query()]
) -> Response[Detail[DiscoveryRead]]:
    """The newest look at the repository: how far it is, and what it found."""
    found = services().discoveries.get(actor(), instance_id, query.target_id)
    return detail(DiscoveryRead.of_discovered(found))


@routes.get(f"{BASE}/tree")
def list_tree(instance_id: InstanceId, query: Annotated[TreeQuery, Query()]) -> Listing[PathRead]:
    """The paths of the discovered commit that begin with `prefix`, in their order."""
    page = services().discoveries.list_paths(actor(), instance_id, query.target_id, query.prefix, query.page)
    return listing(page, PathRead.of)


@routes.post(f"{BASE}/refresh", status_code=202, middlewares=[idempotent])
def refresh_discovery(instance_id: InstanceId, body: RefreshInput | None = None) -> Response[Queued]:
    """Look at the repository again, in the background; a look that is under way is the answer."""
    run = services().discoveries.refresh(actor(), instance_id, body.target_id if body else None)
    return queued(run.id, f"/connector-instances/{instance_id}/discovery?targetId={run.target_id}")


@routes.post(f"{BASE}/apply", status_code=201, middlewares=[idempotent])
def apply_discovery(instance_id: InstanceId, body: ApplyInput) -> Response[Mutation[AppliedRead]]:
    """Make the selected candidates plugins with their mappings, all of them or none, and queue the first sync."""
    done = services().applications.apply(actor(), instance_id, body.to_draft())
    where = f"/connector-sync-events/{done.application.sync_event_id}"
    return created(AppliedRead.of_applied(done), where)
