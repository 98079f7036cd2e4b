"""Validation and previews on the wire: what becomes of content, without storing it."""

import shlex
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from functions.admin.models.config_object import TypeName
from functions.admin.models.content import ContentInput
from shared.domain.config_object import Json
from shared.domain.config_types.tool_analysis import FAILED
from shared.domain.config_types.unit import ParsedUnit
from shared.domain.content import sha256_hex
from shared.domain.rendering.command_prompt import Prompt
from shared.domain.rendering.preview import ClientPreview
from shared.domain.rendering.tree import TreeFile
from shared.http.models import DiagnosticRead, Input, Output
from shared.services.authoring import Previewed, RenderedCommand, Validated

MAX_ARGUMENTS: Final = 4_096


class ValidateInput(Input):
    input: ContentInput


class TypedValidateInput(ValidateInput):
    type: TypeName


class VerdictRead(Output):
    """`loads` is false where a rule of the client's is known that leaves it out; `reasons` say which.

    It is null where nobody has seen the client load such a thing from a plugin, or leave it out.
    """

    client: str
    loads: bool | None
    reasons: list[str]


class ValidationRead(Output):
    """What a creation with this content would store; literal secrets are masked everywhere.

    `installPaths` per client: one that ends in a slash takes the object's files below it.
    """

    title: str
    description: str | None
    description_derived: bool
    install_name: str
    projection: dict[str, Json]
    payload: dict[str, Json]
    diagnostics: list[DiagnosticRead]
    verdicts: list[VerdictRead]
    install_paths: dict[str, str]

    @classmethod
    def of(cls, validated: Validated) -> "ValidationRead":
        parsed = validated.parsed
        return cls(
            title=parsed.title,
            description=parsed.description,
            description_derived=parsed.description_derived,
            install_name=parsed.install_name,
            projection=dict(parsed.projection),
            payload=dict(parsed.payload),
            diagnostics=DiagnosticRead.all_of(parsed.diagnostics),
            verdicts=[VerdictRead.of(verdict) for verdict in validated.verdicts],
            install_paths=dict(validated.install_paths),
        )


class PreviewedFile(Output):
    """`text` is the entry's; every other file is delivered byte for byte as it was sent."""

    path: str
    sha256: str
    size: int
    mode: str
    text: str | None


class ClientPreviewRead(Output):
    """`raw` is what programs download that place the files themselves."""

    client: str
    files: list[PreviewedFile]

    @classmethod
    def of(cls, shown: ClientPreview) -> "ClientPreviewRead":
        files = [_file(path, file, is_entry=path == shown.entry) for path, file in sorted(shown.files.items())]
        return cls(client=shown.client, files=files)


class PreviewRead(Output):
    """`installName` is the name made safe for a path. `clients` is empty for content that none would load."""

    title: str
    description: str | None
    install_name: str
    diagnostics: list[DiagnosticRead]
    verdicts: list[VerdictRead]
    clients: list[ClientPreviewRead]

    @classmethod
    def of(cls, previewed: Previewed) -> "PreviewRead":
        parsed = previewed.parsed
        return cls(
            title=parsed.title,
            description=parsed.description,
            install_name=parsed.install_name,
            diagnostics=DiagnosticRead.all_of(parsed.diagnostics),
            verdicts=[VerdictRead.of(verdict) for verdict in previewed.verdicts],
            clients=[ClientPreviewRead.of(client) for client in previewed.clients],
        )


class RenderCommandInput(ValidateInput):
    """`arguments` as a caller would type them, or one by one; then they are quoted where need be."""

    arguments: (
        Annotated[str, Field(max_length=MAX_ARGUMENTS)]
        | Annotated[tuple[Annotated[str, Field(max_length=1_024)], ...], Field(max_length=50)]
    ) = ""

    @property
    def line(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else shlex.join(self.arguments)


class PromptRead(Output):
    """`shell` are the commands that the client would run, `files` those it would read: neither happens here."""

    client: str
    text: str
    shell: list[str]
    files: list[str]
    uses_arguments: bool


class RenderedCommandRead(PromptRead):
    """The prompt of the client whose way of counting arguments the command follows; `clients` has each one's."""

    clients: list[PromptRead]
    diagnostics: list[DiagnosticRead]

    @classmethod
    def of(cls, rendered: RenderedCommand) -> "RenderedCommandRead":
        return cls(
            **_prompt(rendered.prompts[0]),
            clients=[PromptRead(**_prompt(prompt)) for prompt in rendered.prompts],
            diagnostics=DiagnosticRead.all_of(rendered.parsed.diagnostics),
        )


class ToolRead(Output):
    """`args` is a JSON Schema; null where the arguments are not written out. `reasons` say what is not."""

    name: str
    description: str | None
    args: Json
    complete: bool
    reasons: list[str]


class ToolAnalysisRead(Output):
    """`status`: complete, partial, or failed when no tool could be made out."""

    language: str | None
    status: str | None
    tools: list[ToolRead]
    diagnostics: list[DiagnosticRead]

    @classmethod
    def of(cls, parsed: ParsedUnit) -> "ToolAnalysisRead":
        payload: Mapping[str, Json] = parsed.payload
        return cls(
            language=payload.get("language"),
            status=payload.get("analysisStatus", FAILED),
            tools=[ToolRead(**tool) for tool in payload.get("tools", ())],
            diagnostics=DiagnosticRead.all_of(parsed.diagnostics),
        )


def _file(path: str, file: TreeFile, *, is_entry: bool) -> PreviewedFile:
    text = file.data.decode(errors="replace") if is_entry else None
    digest, mode = sha256_hex(file.data), f"{file.git_mode:o}"
    return PreviewedFile(path=path, sha256=digest, size=len(file.data), mode=mode, text=text)


def _prompt(prompt: Prompt) -> dict[str, Json]:
    return {name: getattr(prompt, name) for name in PromptRead.model_fields}
