"""The version of this code, as released."""

from typing import Final

VERSION: Final = "0.1.0"
