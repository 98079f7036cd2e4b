"""What people write about an object because its source does not say it, and how its secrets are delivered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.domain.access import Action, Actor
from shared.domain.config_object import ConfigObject, SecretDelivery
from shared.domain.config_types.metadata import changed_metadata, shown
from shared.domain.config_types.registry import config_type
from shared.domain.errors import Invalid
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.object_changes import ObjectChanges


@dataclass(frozen=True, slots=True)
class ObjectMetadata:
    changes: ObjectChanges
    objects: ConfigObjectRepository
    mint: Mint

    def update(
        self,
        actor: Actor,
        object_id: str,
        changes: Mapping[str, str | None],
        if_match: int | None = None,
        secret_delivery: SecretDelivery | None = None,
    ) -> ConfigObject:
        """`changes`: title and description; None takes away what was written here. Managers alone choose how secrets
        are delivered; None leaves that as it is.

        Raises: NotFound, MissingRole; Invalid for a field that the object's source defines, and for the delivery of
            secrets where the type has none; Conflict for a deleted
            object; Stale when `if_match` names an older state.
        """

        def decide(current: ConfigObject, work: UnitOfWork) -> ConfigObject:
            current.require_not_deleted()
            own = changed_metadata(current.own_metadata, changes, config_type(current.type).source_defines)
            delivery = _chosen(current, secret_delivery)
            if own == current.own_metadata and delivery == current.secret_delivery:
                return current
            gone = dict.fromkeys(current.own_metadata.keys() - own.keys())
            changed = replace(
                current,
                own_metadata=own,
                secret_delivery=delivery,
                updated_at=self.mint.now(),
                revision=current.revision + 1,
                **{**gone, **shown(own)},
            )
            self.objects.replace(changed, current.revision, work)
            return changed

        action = Action.EDIT if secret_delivery is None else Action.SHARE
        return self.changes.change(actor, object_id, action, decide, if_match)


def _chosen(current: ConfigObject, wanted: SecretDelivery | None) -> SecretDelivery:
    if wanted is not None and not config_type(current.type).seals:
        raise Invalid.field("secretDelivery", f"a {current.type} has no secrets that are kept apart")
    return current.secret_delivery if wanted is None else wanted
