"""A replay finds what the file says, whatever was computed before it in the process."""

from collections.abc import Callable

import pytest
import sympy as sp
from proof_files import text
from sympy.core.cache import clear_cache
from sympy.core.function import UndefinedFunction

from derivations.definitions import replace_every
from derivations.replay import calculus, context, reduce, sums
from derivations.replay.check import replay
from derivations.replay.context import replaced

CHOLESKY = ("im-id-sigmadot-relu", 0, "Cholesky factor")
"""Its step "steps-start" integrates p(x, w, 0), by what the step "affine" says of p(x, w, k)."""
x, w, k = sp.symbols("x w k", real=True)


def forget() -> None:
    """Empty what SymPy and the replay remember."""
    clear_cache()
    for module in (calculus, context, reduce, sums):
        for remembering in vars(module).values():
            if hasattr(remembering, "cache_clear"):
                remembering.cache_clear()


def namesake() -> type[sp.Function]:
    """A function equal to that of the file, as SymPy makes a second one once it has forgotten the first."""
    return UndefinedFunction("p", real=True)


def nothing(_: str) -> None:
    """A fresh process."""


def itself(file: str) -> None:
    assert replay(file).accepted


def another(_: str) -> None:
    assert replay(text("ds-arccos", 0, "Cholesky factor")).accepted


def at_zero(_: str) -> None:
    """SymPy remembers one term of the file, with another function of the same name."""
    namesake()(x, w, sp.S.Zero, evaluate=False)


def everywhere(_: str) -> None:
    namesake()(x, w, k, evaluate=False)
    namesake()(x, w, k)


@pytest.mark.parametrize("before", [(nothing,), (itself,), (another,), (at_zero,), (everywhere,), (at_zero, another)])
def test_an_integral_of_a_named_density_is_found_after_any_history(before: tuple[Callable[[str], None], ...]) -> None:
    file = text(*CHOLESKY)
    forget()
    for happens in before:
        happens(file)
    assert replay(file).failure is None


@pytest.mark.parametrize("put", [replaced, replace_every])
def test_functions_of_one_name_and_one_set_of_assumptions_are_one(put: Callable[..., sp.Expr]) -> None:
    clear_cache()
    one, other = namesake(), namesake()
    assert one is not other
    assert put(other(x, sp.S.One, evaluate=False), one(w, k, evaluate=False), w + k, [w, k]) == x + 1
