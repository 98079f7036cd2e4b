"""The API as one page to read: no script, no request, nothing but HTML."""

from html import escape
from itertools import groupby
from typing import Any

_STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.45 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;background:#8881;border-radius:6px}
summary{cursor:pointer;padding:.3rem 0}details{border-bottom:1px solid #8884}details>div{padding:0 0 1rem 1rem}
.m{display:inline-block;min-width:4.2rem;font-weight:700}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8883;vertical-align:top}
nav a{margin-right:1rem}small{opacity:.75}
"""

Json = dict[str, Any]


def render(document: Json) -> str:
    """A self-contained HTML document."""
    info = document["info"]
    operations = sorted(_operations(document), key=lambda each: each[2]["tags"][0])
    groups = [(tag, list(group)) for tag, group in groupby(operations, key=lambda each: str(each[2]["tags"][0]))]
    links = "".join(f'<a href="#{_anchor(tag)}">{escape(tag)}</a>' for tag, _ in groups)
    shared = document["components"]["responses"]
    sections = "".join(_section(tag, group, shared) for tag, group in groups)
    schemas = "".join(_schema(name, schema) for name, schema in document["components"]["schemas"].items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} API</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>{_text(info['description'])}"
        f'<p><a href="/openapi.json">openapi.json</a></p><nav>{links}<a href="#schemas">Schemas</a></nav>'
        f'{sections}<h2 id="schemas">Schemas</h2>{schemas}</body></html>\n'
    )


def _operations(document: Json) -> list[tuple[str, str, Json]]:
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _section(tag: str, operations: list[tuple[str, str, Json]], shared: Json) -> str:
    return f'<h2 id="{_anchor(tag)}">{escape(tag)}</h2>' + "".join(_operation(*each, shared) for each in operations)


def _operation(method: str, path: str, operation: Json, shared: Json) -> str:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return (
        f'<details id="{operation["operationId"]}"><summary><span class="m">{method}</span>'
        f"<code>{escape(path)}</code> <small>{escape(operation['summary'])}</small></summary><div>"
        f"{_text(operation.get('description', ''))}{_parameters(operation.get('parameters', []))}"
        f"{f'<p>Body: {_type(body)}</p>' if body else ''}"
        f"{_responses(_resolved(operation['responses'], shared))}</div></details>"
    )


def _parameters(parameters: list[Json]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{each['in']}</td><td>{_type(each['schema'])}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for each in parameters
    )
    return f"<table><tr><th>Parameter</th><th>in</th><th>type</th><th></th></tr>{rows}</table>" if rows else ""


def _resolved(responses: Json, shared: Json) -> Json:
    return {
        status: shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
        for status, answer in responses.items()
    }


def _responses(responses: Json) -> str:
    rows = "".join(
        f"<tr><td>{status}</td><td>{escape(answer['description'])}</td><td>{_content(answer)}</td></tr>"
        for status, answer in responses.items()
    )
    return f"<table><tr><th>Status</th><th></th><th>body</th></tr>{rows}</table>"


def _content(answer: Json) -> str:
    return ", ".join(_type(each.get("schema", {})) for each in answer.get("content", {}).values())


def _schema(name: str, schema: Json) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_type(each)}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for field, each in schema.get("properties", {}).items()
    )
    return (
        f'<details id="{_anchor(name)}"><summary><code>{escape(name)}</code></summary><div>'
        f"{_text(schema.get('description', ''))}<table>{rows}</table></div></details>"
    )


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{_anchor(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(each))}</code>" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("const", schema.get("type", "any"))))


def _text(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part)


def _anchor(name: str) -> str:
    return escape(name.lower().replace(" ", "-"))
