"""Use cases of clients: what they report to have, what they are to update, and what an org knows of them."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.publishing import Publishing

if TYPE_CHECKING:
    from shared.services.client_states import ClientStates
    from shared.services.fleet import Fleet
    from shared.services.update_checks import UpdateChecks


class Delivering(Publishing):
    @cached_property
    def client_states(self) -> "ClientStates":
        from shared.services.client_states import ClientStates

        return ClientStates(self.client_rows, self.adoption_rows, self.mint, self.begin)

    @cached_property
    def update_checks(self) -> "UpdateChecks":
        from shared.services.given_plugins import GivenPlugins
        from shared.services.update_checks import UpdateChecks

        given = GivenPlugins(self.plugin_rows, self.marketplace_rows)
        return UpdateChecks(self.client_states, given, self.delivery_digests)

    @cached_property
    def fleet(self) -> "Fleet":
        from shared.services.fleet import Fleet

        return Fleet(self.client_rows, self.adoption_rows, self.plugins)
