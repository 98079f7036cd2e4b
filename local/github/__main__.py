"""Runs the stand-in in the foreground until SIGTERM: `python -m local.github --help`."""

import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from pathlib import Path

from local.github.stand_in import INSTALLATION_ID, GitHubStandIn


def main() -> int:
    options = _options()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        stand_in = _stand_in(options)
    except OSError as error:
        print(f"The GitHub stand-in cannot start on port {options.port}: {error}", file=sys.stderr)
        return 1
    with stand_in:
        print(f"GitHub stand-in at {stand_in.url}, repositories in {options.root}", flush=True)
        stopped.wait()
    return 0


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m local.github", description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help="folder of the bare repositories")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; a free one by default")
    parser.add_argument("--app-id", type=int, required=True)
    parser.add_argument("--public-key-file", type=Path, required=True, help="the app's public key, PEM")
    parser.add_argument("--installation-id", type=int, default=INSTALLATION_ID)
    parser.add_argument("--callback-url", default="", help="where people come back to from an installation")
    parser.add_argument("--client-secret-file", type=Path, help="file with the app's client secret")
    parser.add_argument("--webhook-url", help="where deliveries go; none are sent by default")
    parser.add_argument("--webhook-secret-file", type=Path, help="file with the secret that signs deliveries")
    parser.add_argument("--control-token-file", type=Path, help="file with the token of /_standin/")
    return parser.parse_args()


def _stand_in(options: Namespace) -> GitHubStandIn:
    return GitHubStandIn(
        options.root,
        options.app_id,
        options.public_key_file.read_text(),
        options.webhook_url,
        _secret(options.webhook_secret_file),
        port=options.port,
        installation_id=options.installation_id,
        control_token=_secret(options.control_token_file),
        client_secret=_secret(options.client_secret_file),
        callback_url=options.callback_url,
    )


def _secret(path: Path | None) -> str:
    return path.read_text().strip() if path else ""


if __name__ == "__main__":
    sys.exit(main())
