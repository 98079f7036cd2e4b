"""The config types there are: one line each."""

from types import MappingProxyType

from shared.domain.config_types.agent import AGENT
from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.command import COMMAND
from shared.domain.config_types.context import CONTEXT
from shared.domain.config_types.custom import CUSTOM
from shared.domain.config_types.hook import HOOK
from shared.domain.config_types.mcp import MCP
from shared.domain.config_types.skill import SKILL
from shared.domain.config_types.tool import TOOL
from shared.domain.errors import Invalid

_TYPES = (
    SKILL,
    AGENT,
    COMMAND,
    MCP,
    HOOK,
    CONTEXT,
    TOOL,
    CUSTOM,
)

CONFIG_TYPES = MappingProxyType({config_type.name: config_type for config_type in _TYPES})


def config_type(name: str, field: str = "type") -> ConfigType:
    """The declaration of a type. Raises Invalid, naming the input's field, for a name that is none."""
    if name not in CONFIG_TYPES:
        raise Invalid.field(field, f"is none of {', '.join(CONFIG_TYPES)}")
    return CONFIG_TYPES[name]
