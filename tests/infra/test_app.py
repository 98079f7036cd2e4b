"""The app's own command line, which CI and the laptop stack use without the CDK command."""

import json
from pathlib import Path

import pytest

from infra.app import file_context, main, synthesize
from tests.infra.choices import CHOICES


def test_a_deployment_is_synthesized_where_it_is_wanted(tmp_path: Path) -> None:
    choices = [f"--context={key}={value}" for key, value in CHOICES.items()]

    status = main([*choices, "--output", str(tmp_path / "out")])

    assert status == 0
    assert (tmp_path / "out" / "Depot.template.json").exists()


def test_a_missing_choice_is_told_instead_of_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--context", "oidcIssuer=https://login.example.com"])

    assert status == 2
    assert "githubAppId: Field required" in capsys.readouterr().err


def test_a_deployments_own_file_overrides_the_projects(tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text(json.dumps({"context": {"stage": "dev", "bundle": "lambda"}}))
    (tmp_path / "cdk.context.json").write_text(json.dumps({"stage": "prod"}))

    assert file_context(tmp_path) == {"stage": "prod", "bundle": "lambda"}


def test_the_same_choices_give_the_same_template(tmp_path: Path) -> None:
    synthesize(CHOICES, tmp_path / "one")
    synthesize(CHOICES, tmp_path / "two")

    one, two = ((tmp_path / run / "Depot.template.json").read_bytes() for run in ("one", "two"))
    assert one == two
