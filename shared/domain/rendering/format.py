"""The form in which content is delivered, as one number for all of it."""

from typing import Final

FORMAT: Final = "2"
"""Part of every digest: raised when equal content is to be delivered in another form."""
