"""Connector accounts on the wire."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.domain.connector import AccountStatus
from shared.http.models import Input, Moment, Output

TypeName = Annotated[str, Field(max_length=32, description="`github` is what this deployment supports.")]


class AccountCreate(Input):
    """`remoteId`: the GitHub App installation, which the org must have been allowed to bind."""

    type: TypeName = "github"
    remote_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]


class AccountRead(Output):
    id: str
    type: str
    remote_id: str
    login: str
    account_type: str
    repository_selection: str
    permissions: dict[str, str]
    status: AccountStatus
    created_at: Moment
    updated_at: Moment
    created_by: str
