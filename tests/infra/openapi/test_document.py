"""The API's description, checked against the code that it is made from."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from infra.openapi.build import ROOT, build
from infra.openapi.document import describe

DOCUMENT = describe()


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


@pytest.mark.parametrize("path", build().keys(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_copy_in_the_repository_is_what_the_code_says(path: Any) -> None:
    assert path.read_text(encoding="utf-8") == build()[path], "run: python -m infra.openapi"


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in _operations()]

    assert len(names) == len(set(names))


def test_every_path_parameter_is_declared() -> None:
    for _, path, operation in _operations():
        declared = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))


def test_every_reference_leads_somewhere() -> None:
    for reference in set(re.findall(r"'#/([^']+)'", repr(DOCUMENT))):
        node: Any = DOCUMENT
        for part in reference.split("/"):
            node = node[part]
        assert node


def test_whoever_must_sign_in_is_told_of_the_refusals() -> None:
    for _, path, operation in _operations():
        if path.startswith("/v1/orgs/"):
            assert operation["security"]
            assert {"400", "401", "403", "404", "500", "503"} <= operation["responses"].keys()


def test_a_conditional_write_tells_of_412_and_a_repeatable_one_of_422() -> None:
    for _, _, operation in _operations():
        headers = {each["name"] for each in operation["parameters"] if each["in"] == "header"}
        assert ("If-Match" in headers) == ("412" in operation["responses"])
        assert ("Idempotency-Key" in headers) == ("422" in operation["responses"])


def test_limits_of_lists_are_written_down() -> None:
    parameters = DOCUMENT["paths"]["/v1/orgs/{orgId}/plugins"]["get"]["parameters"]
    limit = next(each for each in parameters if each["name"] == "limit")

    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}


def _models() -> Iterator[str]:
    """The names of the schemas that callers send, and of those that answers hold."""
    for _, _, operation in _operations():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "$ref" in body:
            yield body["$ref"].rpartition("/")[2]
    for schema in DOCUMENT["components"]["schemas"].values():
        held = schema.get("properties", {})
        for one in (held.get("item", {}), held.get("items", {}).get("items", {})):
            if "$ref" in one:
                yield one["$ref"].rpartition("/")[2]


@pytest.mark.parametrize("name", sorted(set(_models())))
def test_every_body_and_every_item_has_an_example_that_its_schema_accepts(name: str) -> None:
    (example,) = DOCUMENT["components"]["schemas"][name]["examples"]

    Draft202012Validator({**DOCUMENT, "$ref": f"#/components/schemas/{name}"}).validate(example)


def test_a_model_may_bring_an_example_of_its_own() -> None:
    (example,) = DOCUMENT["components"]["schemas"]["ConfigObjectPatch"]["examples"]

    assert example == {"description": "Searches our wiki."}
