"""The bundles that are deployed: the right wheels, nothing else, and handlers that start from them alone."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.bundling.bundle import ROOT, Bundler
from infra.bundling.dependencies import InstallError, install
from infra.bundling.target import lambda_target, local_target

FUNCTIONS = ("admin", "delivery", "webhook", "sync", "sweep", "index", "audit", "operations")
WRITTEN = tuple(name for name in FUNCTIONS if (ROOT / "functions" / name / "handler.py").exists())
ARM64 = 183  # ELF's e_machine of AArch64
MEGABYTE = 1024 * 1024

Names = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def on_lambda() -> Bundler:
    return Bundler(lambda_target())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one function, with the real lock files."""
    for place in ("shared/__init__.py", "functions/__init__.py", "functions/webhook/handler.py"):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    (tmp_path / "requirements").symlink_to(ROOT / "requirements")
    return tmp_path


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_bundle_stays_below_fifteen_megabytes(on_lambda: Bundler, name: str) -> None:
    assert on_lambda.build(name).path.stat().st_size < 15 * MEGABYTE


@pytest.mark.parametrize("name", ["sync", "webhook"])
def test_every_library_is_for_arm(on_lambda: Bundler, name: str) -> None:
    with zipfile.ZipFile(on_lambda.build(name).path) as bundle:
        machines = {
            entry: int.from_bytes(bundle.read(entry)[18:20], "little")
            for entry in bundle.namelist()
            if entry.endswith(".so")
        }

    assert set(machines.values()) <= {ARM64}
    assert machines or name == "webhook"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_bundle_carries_no_other_function_and_nothing_it_must_not(on_lambda: Bundler, name: str) -> None:
    entries = zipfile.ZipFile(on_lambda.build(name).path).namelist()

    packages = {entry.split("/")[0] for entry in entries}
    others = {entry.split("/")[1] for entry in entries if entry.startswith("functions/")}
    assert not packages & {"boto3", "pip", "uv", "tests", "infra", "aws_cdk", "moto"}
    assert not others & (set(FUNCTIONS) - {name})


def test_a_bundle_knows_only_the_services_in_use(on_lambda: Bundler) -> None:
    entries = zipfile.ZipFile(on_lambda.build("webhook").path).namelist()

    services = {entry.split("/")[2] for entry in entries if entry.startswith("botocore/data/")}
    assert {service for service in services if "." not in service} == {
        *("dynamodb", "events", "kms", "s3", "secretsmanager", "sqs")
    }


@pytest.mark.parametrize("name", WRITTEN)
def test_a_handler_starts_from_its_bundle_alone(tmp_path: Path, name: str) -> None:
    done = _run_alone(tmp_path, name, f"from functions.{name}.handler import handler")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", ["dynamodb", "events", "kms", "s3", "secretsmanager", "sqs"])
def test_a_pruned_client_still_knows_its_service(tmp_path: Path, service: str) -> None:
    make = f"from botocore.session import Session; print(Session().create_client({service!r}).meta.endpoint_url)"

    done = _run_alone(tmp_path, "webhook", make)

    assert done.stdout.strip() == f"https://{service}.eu-west-1.amazonaws.com", done.stderr


def test_every_library_of_the_runtime_starts_from_a_bundle_alone(tmp_path: Path) -> None:
    use = (
        "import aws_lambda_powertools.event_handler, jwt, pydantic, urllib3, yaml\n"
        "from cryptography.hazmat.primitives.asymmetric import rsa\n"
        "assert yaml.load('a: 1', yaml.CSafeLoader) == {'a': 1}\n"
        "assert pydantic.create_model('M', a=(int, ...))(a=1).a == 1\n"
    )

    done = _run_alone(tmp_path, "sync", use)

    assert done.returncode == 0, done.stderr


def test_what_takes_content_in_finds_its_parsers_and_linters_in_a_bundle_alone(tmp_path: Path) -> None:
    use = (
        "import jsonschema, re2, tree_sitter, tree_sitter_javascript, tree_sitter_typescript\n"
        "from detect_secrets.core.plugins.initialize import from_plugin_classname\n"
        "language = tree_sitter.Language(tree_sitter_typescript.language_typescript())\n"
        "assert tree_sitter.Parser(language).parse(b'export default 1').root_node.type == 'program'\n"
        "assert re2.search('a+', 'caab').span() == (1, 3)\n"
        "jsonschema.Draft202012Validator({'type': 'object'}).validate({})\n"
        "list(from_plugin_classname('AWSKeyDetector').analyze_line('a.py', 'none'))\n"
    )

    done = _run_alone(tmp_path, "admin", use)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["admin", "sync", "delivery"])
def test_every_module_of_a_function_is_importable_from_its_bundle_alone(tmp_path: Path, name: str) -> None:
    use = (
        "import importlib, pathlib\n"
        f"root = pathlib.Path({str(tmp_path)!r})\n"
        "for file in [*root.glob('shared/**/*.py'), *root.glob('functions/**/*.py')]:\n"
        "    importlib.import_module('.'.join(file.relative_to(root).with_suffix('').parts))\n"
    )

    done = _run_alone(tmp_path, name, use)

    assert done.returncode == 0, done.stderr


def test_unchanged_sources_give_the_same_bundle(project: Path) -> None:
    bundler = Bundler(local_target(), root=project)

    assert bundler.build("webhook") == bundler.build("webhook")


def test_a_changed_source_gives_another_bundle(project: Path) -> None:
    bundler = Bundler(local_target(), root=project)
    before = bundler.build("webhook")

    (project / "functions/webhook/handler.py").write_text("changed = True\n")
    after = bundler.build("webhook")

    assert after.digest != before.digest
    with zipfile.ZipFile(after.path) as bundle:
        assert bundle.read("functions/webhook/handler.py") == b"changed = True\n"


def test_another_functions_change_leaves_a_bundle_alone(project: Path) -> None:
    bundler = Bundler(local_target(), root=project)
    before = bundler.build("webhook")

    (project / "functions/admin").mkdir()
    (project / "functions/admin/handler.py").write_text("changed = True\n")

    assert bundler.build("webhook").digest == before.digest


def test_a_wheel_that_is_not_the_locked_one_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "runtime.txt"
    lock.write_text(f"six==1.17.0 --hash=sha256:{'0' * 64}\n")

    with pytest.raises(InstallError, match="six"):
        install(lock, local_target(), tmp_path / "tree")


def _run_alone(folder: Path, name: str, code: str) -> subprocess.CompletedProcess[str]:
    """Run code on an interpreter that sees the standard library and one bundle."""
    zipfile.ZipFile(Bundler(local_target()).build(name).path).extractall(folder)
    alone = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}"]
    environment = {"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "eu-west-1"}
    return subprocess.run(alone, capture_output=True, text=True, check=False, env=environment)
