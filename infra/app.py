"""The CDK app: reads the context, builds the stack, and lets cdk-nag refuse what is unsafe.

Run by the CDK command (`npx cdk synth`) or alone: `python -m infra.app -c key=value --output cdk.out`.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk.cx_api import CloudAssembly
from cdk_nag import AwsSolutionsChecks

from infra.code import function_code
from infra.deployment import BadContextError, read_deployment
from infra.operations import OperationsStack
from infra.stack import DepotStack

_ROOT = Path(__file__).resolve().parent.parent


def build_app(context: Mapping[str, Any], outdir: Path | None = None) -> cdk.App:
    """Declare one deployment; `context` is laid over whatever the CDK command hands in.

    Raises BadContextError when the context does not describe a deployment.
    """
    app = cdk.App(context=dict(context), outdir=str(outdir) if outdir else None)
    deployment = read_deployment(app.node.get_all_context())
    DepotStack(app, "Depot", deployment=deployment, code=function_code(deployment))
    if deployment.bundle != "local":
        OperationsStack(app, "Operations", deployment=deployment)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def synthesize(context: Mapping[str, Any], outdir: Path) -> CloudAssembly:
    """Write the cloud assembly of one deployment below `outdir` without the CDK command."""
    return build_app(file_context() | dict(context), outdir).synth()


def file_context(root: Path = _ROOT) -> dict[str, Any]:
    """The context that the CDK command would read: of what both files say, it takes cdk.json's word."""
    context: dict[str, Any] = json.loads((root / "cdk.json").read_text())["context"]
    deployments_own = root / "cdk.context.json"
    return json.loads(deployments_own.read_text()) | context if deployments_own.exists() else context


def main(arguments: Sequence[str]) -> int:
    """Synthesize from the command line; 2 when the context is at fault."""
    parser = argparse.ArgumentParser(prog="python -m infra.app", description=__doc__)
    parser.add_argument("-c", "--context", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--output", type=Path, default=_ROOT / "cdk.out")
    options = parser.parse_args(arguments)
    given = dict(pair.split("=", 1) for pair in options.context)
    try:
        if "CDK_OUTDIR" in os.environ:
            build_app(given).synth()
        else:
            synthesize(given, options.output)
    except BadContextError as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
