"""The error a user can act on: something given to the suite cannot be used, said in one sentence."""


class InputError(Exception):
    """Bad usage or input. The message is one sentence for the user; the command line exits with code 2."""
