"""The command line `ntk-verify`: every failure is one sentence and an exit code, never a traceback.

Exit codes: 0 everything as the ledger expects; 1 not so; 2 bad usage or input; 3 a bug in the suite; 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence

from verify.errors import InputError


def main() -> None:
    """Run the command line on the arguments of the process, and exit with its code."""
    sys.exit(invoke(sys.argv[1:]))


def invoke(arguments: Sequence[str]) -> int:
    """Run the command line on arguments and return the exit code."""
    try:
        # Imported here, so that Ctrl-C is answered in our words from the start.
        from verify.cli.app import app  # noqa: PLC0415

        return int(app(list(arguments), prog_name="ntk-verify", standalone_mode=False) or 0)
    except InputError as error:
        _complain(str(error))
        return 2
    except KeyboardInterrupt:
        _complain("Interrupted.")
        return 130
    except Exception as error:
        # What Typer raises for bad usage derives from a class that it keeps to itself.
        if hasattr(error, "format_message"):
            _complain(f"{_sentence(error.format_message())} See: ntk-verify --help.")
            return 2
        if os.environ.get("NTK_VERIFY_DEBUG"):
            raise
        _complain(
            f"This is a bug in ntk-verify ({type(error).__name__}: {' '.join(str(error).split())}). "
            "Set NTK_VERIFY_DEBUG=1 and repeat the command to see the traceback."
        )
        return 3


def _complain(sentence: str) -> None:
    from verify.cli.console import complain  # noqa: PLC0415 - as above

    complain(sentence)


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "?", "!")) else f"{text}."
