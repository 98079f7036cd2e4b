"""What is told of a tool's module without running it."""

import pytest

from shared.domain.config_types.tool_analysis import Tool, ToolAnalysis, analyze
from shared.domain.config_types.values import JSON

QUERY = """
import { tool } from "@opencode-ai/plugin"

export default tool({
  description: "Ask the database",
  args: { sql: tool.schema.string().describe("One statement") },
  async execute(args) { return run(args.sql) },
})
"""


def _analyze(source: str, path: str = ".opencode/tools/db.ts") -> ToolAnalysis:
    return analyze(source, path)


def _args(expression: str) -> tuple[JSON, Tool]:
    [tool] = _analyze(
        f'import {{ z }} from "zod"\nexport default {{ description: "d", args: {{ a: {expression} }}, execute() {{}} }}'
    ).tools
    assert isinstance(tool.args, dict)
    assert isinstance(tool.args["properties"], dict)
    return tool.args["properties"]["a"], tool


def test_a_default_export_is_called_as_its_file() -> None:
    found = _analyze(QUERY)

    [tool] = found.tools
    assert (found.language, found.status) == ("typescript", "complete")
    assert (tool.name, tool.description, tool.complete) == ("db", "Ask the database", True)
    assert tool.args == {
        "type": "object",
        "properties": {"sql": {"type": "string", "description": "One statement"}},
        "required": ["sql"],
    }


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("export const add = tool({description:'a',args:{},execute(){}})", ["db_add"]),
        ("const a = {description:'a',execute(){}}\nexport { a as b, a as default }", ["db_b", "db"]),
        ("const a = {description:'a',execute(){}}\nexport default (a as any)", ["db"]),
        ("module.exports = {description:'a',execute(){}}", ["db"]),
        ("module.exports = {one: tool({description:'a',execute(){}}), two: tool({})}", ["db_one", "db_two"]),
        ("exports.one = tool({description:'a',execute(){}})", ["db_one"]),
        ("module.exports.one = tool({description:'a',execute(){}})", ["db_one"]),
        ("export { one, two as default } from './more'", ["db_one", "db"]),
        ("import one from './one'\nexport default one", ["db"]),
        ("export type T = string\nexport interface I {}\nexport const a = tool({description:'a'})", ["db_a"]),
    ],
)
def test_every_export_is_a_tool_by_its_own_name(source: str, names: list[str]) -> None:
    assert [tool.name for tool in _analyze(source).tools] == names


@pytest.mark.parametrize(
    ("expression", "schema"),
    [
        ("z.number().int().min(1).max(9)", {"type": "integer", "minimum": 1, "maximum": 9}),
        ("z.string().min(1).length(3)", {"type": "string", "minLength": 3, "maxLength": 3}),
        ("z.enum(['a', 'b']).default('a')", {"type": "string", "enum": ["a", "b"], "default": "a"}),
        ("z.array(z.boolean()).nonempty()", {"type": "array", "items": {"type": "boolean"}, "minItems": 1}),
        ("z.record(z.string(), z.number())", {"type": "object", "additionalProperties": {"type": "number"}}),
        ("z.union([z.literal(1), z.string()])", {"anyOf": [{"const": 1}, {"type": "string"}]}),
        ("z.string().nullable()", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("z.object({b: z.string().optional()})", {"type": "object", "properties": {"b": {"type": "string"}}}),
        ("z.coerce.number().describe('a' + `b`)", {"type": "number", "description": "ab"}),
        ("z.string().array()", {"type": "array", "items": {"type": "string"}}),
        ("z.email()", {"type": "string", "format": "email"}),
        ("z.any()", {}),
    ],
)
def test_arguments_are_read_as_json_schema(expression: str, schema: JSON) -> None:
    found, tool = _args(expression)

    assert found == schema
    assert tool.complete


def test_an_argument_with_a_default_need_not_be_given() -> None:
    _, tool = _args("z.number().default(3)")

    assert isinstance(tool.args, dict)
    assert "required" not in tool.args


@pytest.mark.parametrize(
    "expression", ["mine()", "z.string().refine((x) => x)", "z.lazy(() => a)", "z.string().min(n())", "z.array()"]
)
def test_what_is_computed_leaves_the_tool_partial_with_a_reason(expression: str) -> None:
    _, tool = _args(expression)

    assert not tool.complete
    assert tool.reasons


def test_constants_of_the_module_are_followed() -> None:
    source = (
        "const d = 'x'\nconst args = {a: tool.schema.string()}\nexport default tool({description: d, args, execute})"
    )

    [tool] = _analyze(source).tools

    assert tool.description == "x"
    assert tool.complete


def test_constants_that_name_each_other_end() -> None:
    [tool] = _analyze("const a = b\nconst b = a\nexport default a").tools

    assert not tool.complete


def test_a_module_that_nobody_can_parse_is_refused_with_its_line() -> None:
    found = _analyze("const a = 1\nexport default tool({ description: \n")

    assert found.status == "failed"
    [note] = found.diagnostics
    assert (note.code, note.severity) == ("tool_unreadable", "error")
    assert note.line


def test_a_syntax_error_beside_a_tool_leaves_it_partial() -> None:
    found = _analyze(QUERY + "\nfunction broken( {\n")

    assert found.status == "partial"
    assert found.tools[0].description == "Ask the database"
    assert {note.code for note in found.diagnostics} >= {"tool_syntax"}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("export function helper() {}\n" + QUERY, "tool_export"),
        ("export * from './other'", "tool_reexports"),
        ("const a = 1", "tool_missing"),
        ("export default tool({execute(){}})", "tool_partial"),
        (QUERY + "x" * 40_000, "tool_not_analyzed"),
    ],
)
def test_what_a_client_would_stumble_over_is_said(source: str, code: str) -> None:
    assert code in {note.code for note in _analyze(source).diagnostics}


def test_a_name_that_models_do_not_take_is_said() -> None:
    found = _analyze(QUERY, ".opencode/tools/my tool.ts")

    assert "tool_name" in {note.code for note in found.diagnostics}


def test_javascript_is_told_from_typescript_by_its_extension() -> None:
    found = _analyze("export default {description: 'd', execute() {}}", "db.js")

    assert (found.language, found.status) == ("javascript", "complete")


def test_a_credential_in_a_default_is_not_kept() -> None:
    found, _ = _args(f"z.string().default('ghp_{'a1' * 18}')")

    assert "ghp_" not in str(found)


# Each costs a careless parser the square of its length, or a frame of the stack for each of its levels.
@pytest.mark.parametrize(
    "unit", ["(", "({", "[", "/[", "a/**/", "q'", "a<", "`${", "!`", "tool(", "z.a().", "'a'+", "-"]
)
def test_a_hostile_module_is_read_to_the_end(unit: str) -> None:
    for head in ("", "export default tool({description: ", "export default {args: {a: "):
        assert _analyze((head + unit * 32_000)[: 32 * 1024])
