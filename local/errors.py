"""The one error of the laptop stack: something its user can mend, said in a sentence."""


class LocalStackError(Exception):
    """The message says what is wrong and what to do about it; it is shown without a traceback."""
