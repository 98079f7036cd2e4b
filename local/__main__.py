"""The command behind the Makefile's targets for the local stack: `python -m local up`, `down`, `push` and the rest."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import urllib3

from local.errors import LocalStackError
from local.progress import say
from local.state import State
from local.synth import ROOT


def main(arguments: Sequence[str]) -> int:
    """Run one command; 1 with a sentence on standard error when it could not be done."""
    options = _parser().parse_args(arguments)
    state = State(Path(os.environ.get("DEPOT_STATE") or ROOT / ".local").absolute())
    try:
        return _run(options, state)
    except LocalStackError as error:
        print(f"\n{error}", file=sys.stderr)
    except urllib3.exceptions.HTTPError as error:
        print(f"\nThe stack does not answer ({error}). Is it up? `make up` starts it.", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. `make up` continues where this ended, `make down` stops what runs.", file=sys.stderr)
    return 1


def _run(options: argparse.Namespace, state: State) -> int:
    """Each command imports what it needs: stopping the stack should not wait for what starts it."""
    match options.command:
        case "up":
            from local.up import bring_up

            bring_up(state, os.environ)
        case "down" | "clean":
            from local import down

            (down.clean if options.command == "clean" else down.bring_down)(state)
        case "push":
            from local.push import push_change

            push_change(state)
        case "connect":
            from local.connect_repository import connect_repository

            connect_repository(state, options.repository, options.name)
        case "serve":
            from local.connect_repository import serve_repository

            serve_repository(state, options.repository, options.name)
        case "logs":
            from local.logs import show_logs

            show_logs(state)
        case "demo-faults":
            from local.drill.run import demonstrate

            return 0 if demonstrate(state) else 1
        case "smoke":
            return _smoke(options, state)
    return 0


def _smoke(options: argparse.Namespace, state: State) -> int:
    from local.smoke import Deployed, run_checks

    stack = {} if options.url else state.stack()
    url = options.url or stack["baseUrl"]
    token = options.token or stack.get("ownerToken", "")
    org = options.org or stack.get("orgSlug", "")
    if not (token and org):
        raise LocalStackError("A stack elsewhere needs all of URL=<base URL> TOKEN=<token> ORG=<slug>.")
    say(f"Checking {url}")
    return 0 if run_checks(Deployed(url.rstrip("/"), token, org)) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("up", "down", "push", "logs", "clean", "demo-faults"):
        commands.add_parser(name)
    for name in ("connect", "serve"):
        given = commands.add_parser(name)
        given.add_argument("repository", help="path of a git repository, bare or not")
        given.add_argument("name", help="owner/name, as it would be called on GitHub")
    smoke = commands.add_parser("smoke")
    smoke.add_argument("--url", default="", help="base URL; without it the local stack")
    smoke.add_argument("--token", default="", help="any token of an org")
    smoke.add_argument("--org", default="", help="the slug of the token's org")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
