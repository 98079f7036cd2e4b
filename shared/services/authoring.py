"""What becomes of content, told before it is written: nothing here stores anything."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.access import Actor, Capability
from shared.domain.config_types.unit import ParsedUnit
from shared.domain.config_types.verdicts import Verdict, verdicts_on
from shared.domain.rendering.command_prompt import Prompt, render_prompts
from shared.domain.rendering.preview import ClientPreview, preview
from shared.services.drafts import ContentDraft, ReadDraft, read_draft
from shared.services.organizations import Capabilities
from shared.services.schemas import Schemas


@dataclass(frozen=True, slots=True)
class Validated:
    """`install_paths` per client; `verdicts` say which would load it, and why others would not."""

    parsed: ParsedUnit
    verdicts: tuple[Verdict, ...]
    install_paths: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Previewed:
    """`clients` is empty for content that no client would load: it would never be delivered."""

    parsed: ParsedUnit
    verdicts: tuple[Verdict, ...]
    clients: tuple[ClientPreview, ...]


@dataclass(frozen=True, slots=True)
class RenderedCommand:
    """The prompt per client, that of the client whose way of counting arguments the command follows first."""

    parsed: ParsedUnit
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Authoring:
    capabilities: Capabilities
    schemas: Schemas

    def validate(self, actor: Actor, type_name: str, content: ContentDraft) -> Validated:
        """Raises: MissingCapability for who may not create objects; Invalid or TooLarge for what is no draft."""
        read = self._read(actor, type_name, content)
        paths = read.declaration.install_paths(read.parsed.install_name, read.entry_path)
        return Validated(read.parsed, _verdicts(read), paths)

    def preview(self, actor: Actor, type_name: str, content: ContentDraft) -> Previewed:
        """What each client would be given. Raises: what `validate` does."""
        read = self._read(actor, type_name, content)
        clients = preview(read.declaration, read.parsed, read.entry_path, read.files) if read.parsed.loads else ()
        return Previewed(read.parsed, _verdicts(read), clients)

    def render_command(self, actor: Actor, content: ContentDraft, arguments: str) -> RenderedCommand:
        """The prompt that a call with `arguments` becomes. Raises: what `validate` does."""
        read = self._read(actor, "command", content)
        return RenderedCommand(read.parsed, render_prompts(str(read.parsed.payload.get("template", "")), arguments))

    def _read(self, actor: Actor, type_name: str, content: ContentDraft) -> ReadDraft:
        self.capabilities.require(actor, Capability.CONFIG_OBJECT_CREATE)
        return self.schemas.check(actor, read_draft(type_name, content))


def _verdicts(read: ReadDraft) -> tuple[Verdict, ...]:
    return verdicts_on(read.declaration, read.entry_path, read.parsed.diagnostics)
