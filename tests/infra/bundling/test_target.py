"""Whom a bundle is built for, and with whose help."""

import sys
from pathlib import Path

import pytest

from infra.bundling import target
from infra.bundling.bytecode import compile_tree
from infra.bundling.target import Target, lambda_target, local_target


def test_the_laptop_gets_wheels_for_the_interpreter_that_it_names() -> None:
    local = local_target(sys.executable)

    assert local.install_arguments == ("--python", sys.executable)
    assert local == local_target()


def test_lambda_gets_wheels_for_arm_whatever_machine_builds_them() -> None:
    assert lambda_target().install_arguments == (
        *("--python-version", "3.13"),
        *("--python-platform", "aarch64-manylinux_2_28"),
    )


def test_a_machine_without_lambdas_python_builds_without_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "_version", lambda _interpreter: "3.11")

    without = lambda_target()

    assert without.compiler is None
    assert without.identity.endswith("no bytecode")


def test_an_interpreter_that_does_not_start_is_passed_over(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)

    assert target._version(str(shim)) is None


def test_bytecode_is_never_checked_against_a_source_that_cannot_change(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("answer = 42\n")

    compile_tree(tmp_path, local_target())

    (compiled,) = tmp_path.glob(f"__pycache__/module.{sys.implementation.cache_tag}.pyc")
    flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
    assert flags == 0b01  # PEP 552: a hash (bit 0) that is not checked (bit 1 unset)


def test_without_a_compiler_a_tree_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("answer = 42\n")

    compile_tree(tmp_path, Target("lambda", "any", (), compiler=None))

    assert [file.name for file in tmp_path.iterdir()] == ["module.py"]
