"""The entry of a function under measurement: its own handler, with AWS answering from a recording."""

import os
from importlib import import_module

import botocore.handlers
from recording import Recording  # type: ignore[import-not-found]  # lies beside this file where both are put

botocore.handlers.BUILTIN_HANDLERS.append(("before-send", Recording.load(os.environ["BENCH_RECORDING"]).replay))

handler = import_module(os.environ["BENCH_ENTRY"]).handler
