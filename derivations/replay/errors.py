"""What can be wrong with a proof file: it cannot be read, or a step in it does not hold."""

import sympy as sp


class MalformedError(ValueError):
    """The file is no proof file: where in it, what is there, and what would be right."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


class RejectedError(Exception):
    """A step does not hold, or the steps do not reach the statement."""

    def __init__(self, reason: str, residual: sp.Basic | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.residual = residual
