"""The app's own command line, which CI and the laptop stack use without the CDK command."""

import json
from pathlib import Path

import pytest
from pydantic.alias_generators import to_camel

from infra.app import file_context, main, synthesize
from infra.deployment import Deployment
from tests.infra.choices import CHOICES

ROOT = Path(__file__).parents[2]


def test_a_deployment_is_synthesized_where_it_is_wanted(tmp_path: Path) -> None:
    choices = [f"--context={key}={value}" for key, value in CHOICES.items()]

    status = main([*choices, "--output", str(tmp_path / "out")])

    assert status == 0
    assert (tmp_path / "out" / "Depot.template.json").exists()


def test_a_missing_choice_is_told_instead_of_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--context", "oidcIssuer=https://login.example.com"])

    assert status == 2
    assert "githubAppId: Field required" in capsys.readouterr().err


def test_the_files_are_read_as_the_cdk_command_reads_them(tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text(json.dumps({"context": {"bundle": "lambda"}}))
    (tmp_path / "cdk.context.json").write_text(json.dumps({"stage": "prod", "bundle": "none"}))

    assert file_context(tmp_path) == {"stage": "prod", "bundle": "lambda"}


def test_the_projects_own_file_takes_no_choice_from_a_deployments() -> None:
    context = json.loads((ROOT / "cdk.json").read_text())["context"]

    assert set(context).isdisjoint(to_camel(name) for name in Deployment.model_fields)


def test_the_same_choices_give_the_same_template(tmp_path: Path) -> None:
    synthesize(CHOICES, tmp_path / "one")
    synthesize(CHOICES, tmp_path / "two")

    one, two = ((tmp_path / run / "Depot.template.json").read_bytes() for run in ("one", "two"))
    assert one == two
