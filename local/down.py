"""Takes one local stack down: its processes, and on request its data."""

import shutil
from typing import Final

from local import processes
from local.progress import say, step
from local.state import State

# The emulator last, so that nothing calls it while it puts its state away.
_PROCESSES: Final = ("front", "github", "emulator")
_FOLDERS: Final = ("emulator", "github", "logs", "processes", "credentials", "cdk.out")
_FILES: Final = ("stack", "ports", "seed", "synth", "details")


def bring_down(state: State) -> None:
    """Stop what this stack started and nothing else."""
    for name in _PROCESSES:
        if processes.running(state, name) is not None:
            with step(f"Stopping the {name}"):
                processes.stop(state, name)
    say(f"Nothing of the stack in {state.folder} is running. `make up` continues with its data.")


def clean(state: State) -> None:
    """Stop the stack and remove all that it keeps, by name: the folder may hold other things too."""
    bring_down(state)
    for folder in _FOLDERS:
        shutil.rmtree(state.folder / folder, ignore_errors=True)
    for name in _FILES:
        (state.folder / f"{name}.json").unlink(missing_ok=True)
