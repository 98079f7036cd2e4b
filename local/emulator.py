"""The emulator of AWS: MiniStack in its own virtual environment, on loopback, with its state in the stack's folder."""

import shutil
import threading
import time
from pathlib import Path
from typing import Final

import urllib3

from local import certificate, processes
from local.state import HOST, Ports, State

NAME: Final = "emulator"
REGION: Final = "us-east-1"
_START_S: Final = 60.0
# The emulator writes its state when it is asked to stop; killing it earlier loses everything but the files.
_STOP_S: Final = 10.0


def endpoint(ports: Ports) -> str:
    return f"{'https' if ports.enforced else 'http'}://{HOST}:{ports.emulator}"


def start(state: State, ports: Ports, python: Path) -> None:
    """Start the emulator unless it runs already, and wait until it answers."""
    if processes.running(state, NAME) is not None:
        return
    _empty(state.emulator / "tmp")
    if not (state.emulator / "state" / "cloudformation.json").exists():
        # It was killed before it ever stopped in order: it knows nothing but files, of a deployment that is no more.
        _empty(state.emulator / "s3")
    command = [str(python), "-m", "ministack"]
    environment = _environment(state.emulator, ports.emulator)
    if ports.enforced:
        environment |= _enforcing(state.certificate)
    processes.start(state, processes.Service(NAME, command, environment, state.emulator, _STOP_S))
    processes.await_ready(state, NAME, lambda: _answers(state, ports), _START_S)


def _empty(folder: Path) -> None:
    """Drop what an earlier run left, such as thousands of files of unpacked functions, while the rest goes on."""
    if folder.exists():
        dropped = folder.rename(folder.with_name(f"{folder.name}-{time.time_ns()}"))
        threading.Thread(target=shutil.rmtree, args=(dropped,), kwargs={"ignore_errors": True}).start()
    folder.mkdir(parents=True)


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Nothing of the caller's environment: the emulator hands its own to the functions it runs.

    A certificate bundle, a proxy or a profile of the developer would change what a function does.
    """
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{folder}/no-docker.sock",
        "TMPDIR": str(folder / "tmp"),
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "NO_PROXY": "*",
    }


def _enforcing(trusted: Path) -> dict[str, str]:
    """Functions get the rights of their roles and no more, as on AWS, and CloudTrail tells which they used."""
    key = certificate.obtain(trusted)
    tls = {"USE_SSL": "1", "MINISTACK_SSL_CERT": str(trusted), "MINISTACK_SSL_KEY": str(key)}
    return {"AUTH": "true", "CLOUDTRAIL_RECORDING": "1", "CLOUDTRAIL_MAX_EVENTS": "100000", **tls}


def _answers(state: State, ports: Ports) -> bool:
    trusting = urllib3.PoolManager(ca_certs=str(state.certificate))
    try:
        answer = trusting.request("GET", f"{endpoint(ports)}/_ministack/health", retries=False, timeout=2)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200
