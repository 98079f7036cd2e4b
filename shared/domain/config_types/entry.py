"""What the entry file of content is called that comes without a repository around it."""

from shared.domain.config_types import frontmatter
from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.layout import is_safe_path
from shared.domain.errors import Invalid


def entry_path(declaration: ConfigType, text: str, file_name: str | None) -> str:
    """The name given, else the type's own (`SKILL.md`), else `<name>.md` after the name in the frontmatter.

    Raises: Invalid for an unsafe name, and where the file's name is the unit's and neither is given.
    """
    if file_name is not None:
        return require_path(file_name, "input.fileName")
    own = declaration.default_locations[0].rpartition("/")[2] if declaration.default_locations else "*"
    if "*" not in own:
        return own
    name = frontmatter.read(text.encode(errors="replace"), own).values.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Invalid.field("input.fileName", f"name the file: it names the {declaration.name}")
    return require_path(own.replace("*", name.strip()), "input.fileName")


def require_path(path: str, field: str) -> str:
    """A path that stays below its root wherever it is unpacked. Raises: Invalid."""
    if len(path) > MAX_PATH or not is_safe_path(path):
        raise Invalid.field(field, f"give a relative path of at most {MAX_PATH} plain characters, without `..`")
    return path


MAX_PATH = 512
