"""One synthesized template per set of choices, shared by every test that only reads it."""

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Template

from infra.app import build_app, file_context
from tests.infra.choices import CHOICES, Find, Resources

os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")


@cache
def _template(chosen: tuple[tuple[str, Any], ...]) -> Template:
    app = build_app(file_context() | CHOICES | dict(chosen))
    stack = app.node.find_child("Depot")
    assert isinstance(stack, Stack)
    return Template.from_stack(stack)


@pytest.fixture(scope="session")
def template_of() -> Callable[..., Template]:
    """The template of a deployment with these choices."""
    return lambda **chosen: _template(tuple(sorted(chosen.items())))


@pytest.fixture(scope="session")
def template(template_of: Callable[..., Template]) -> Template:
    return template_of()


@pytest.fixture(scope="session")
def resources(template: Template) -> Find:
    """Properties of every resource of a type, by logical id."""
    found: Resources = template.to_json()["Resources"]
    return lambda kind: {name: resource["Properties"] for name, resource in found.items() if resource["Type"] == kind}
