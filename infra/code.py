"""Where a function's code comes from: its bundle, or a placeholder when only the template matters."""

import sys
from collections.abc import Callable

from aws_cdk import AssetHashType
from aws_cdk import aws_lambda as lambda_

from infra.bundling.bundle import Bundler
from infra.bundling.target import LAMBDA_PYTHON, Target, lambda_target, local_target
from infra.deployment import Deployment

_PLACEHOLDER = "def handler(event, context):\n    raise NotImplementedError\n"


def function_code(deployment: Deployment) -> Callable[[str], lambda_.Code]:
    """Give the code of a function by its name, as the deployment's `bundle` choice says."""
    if deployment.bundle == "none":
        return lambda _function: lambda_.Code.from_inline(_PLACEHOLDER)
    bundler = Bundler(_target(deployment))

    def bundled(function: str) -> lambda_.Code:
        bundle = bundler.build(function)
        return lambda_.Code.from_asset(str(bundle.path), asset_hash=bundle.digest, asset_hash_type=AssetHashType.CUSTOM)

    return bundled


def _target(deployment: Deployment) -> Target:
    if deployment.bundle == "local":
        return local_target(deployment.local_python)
    target = lambda_target()
    if target.compiler is None:
        print(
            f"No Python {LAMBDA_PYTHON} on this machine: bundles carry no bytecode, and functions start slower.",
            file=sys.stderr,
        )
    return target
