"""What every declaration promises, checked for each type there is."""

import subprocess
import sys

import pytest

from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.codes import Code
from shared.domain.config_types.registry import CONFIG_TYPES, config_type
from shared.domain.config_types.verdicts import verdicts
from shared.domain.content import SourceFile
from shared.domain.errors import Invalid

_LOADS = {
    "hook": b"{}",
    "mcp": b'{"mcpServers": {"a": {"command": "x"}}}',
    "tool": b"export default tool({description: 'a', execute() {}})",
}
ALL = pytest.mark.parametrize("declared", CONFIG_TYPES.values(), ids=CONFIG_TYPES)


def test_an_unknown_type_is_invalid() -> None:
    with pytest.raises(Invalid):
        config_type("martian")


@ALL
def test_a_projection_holds_exactly_the_declared_filters(declared: ConfigType) -> None:
    body = _LOADS.get(declared.name, b"---\nname: a\n---\n")

    parsed = declared.parse("x", [SourceFile("x", body)])

    assert tuple(parsed.projection) == declared.filters


@ALL
def test_no_name_leads_out_of_the_place_it_is_installed_in(declared: ConfigType) -> None:
    for path in declared.install_paths("a:b", "b.md").values():
        assert not path.startswith("/")
        assert ".." not in path


@pytest.mark.parametrize("declared", CONFIG_TYPES.values(), ids=lambda declared: declared.name)
def test_what_is_true_or_false_is_one_of_the_filters(declared: ConfigType) -> None:
    assert set(declared.flags) <= set(declared.filters)


def test_codes_are_snake_case_and_explained() -> None:
    assert all(code.value.replace("_", "").isalnum() and code.value.islower() and code.meaning for code in Code)


def test_an_error_is_refused_by_every_client() -> None:
    answers = verdicts([Code.YAML_ALIAS.at("x.md")])

    assert all(not answer.loads and answer.reasons for answer in answers)


def test_yaml_is_loaded_only_by_who_parses() -> None:
    script = "import sys, shared.domain.config_types.registry; sys.exit('yaml' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
