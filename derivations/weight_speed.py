"""How fast one weight moves under gradient flow: as the residual, which decays at half the rate of its square."""

from collections.abc import Iterable
from itertools import product

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation
from derivations.flows import LinearFlow
from derivations.gradient_flow import NotAFlowError, Residual, chain, spectrum
from derivations.sums import multiple_of

_i, _j = sp.symbols("i j", integer=True)


def speed_of_weight(statement: Equation) -> Chain:
    """Derive |Σ_i r_i(t) g_i| <= bound, for a number or vector g_i = (g_ik)_k whose factors the domain bounds.

    The left side is √(Σ_k (c Σ_i r_i g_ik)²) or |c Σ_i r_i g_i|; the domain declares |a| <= γ for the factors a of g
    that do not depend on k, and Σ_k x_ik² <= X² for the one that does. The right side has to be at least
    c √n γ … X ‖y‖ exp(-λt).
    """

    def steps() -> Iterable[Step]:
        lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
        residual = Residual.read(lhs)
        scale, gradient, axis = _gradient(lhs, residual)
        size = residual.flow.size
        lengths, largest, hypotheses = _lengths(statement, gradient, axis)
        level, _ = residual.split()
        time = residual.flow.time
        falling = sp.exp(-2 * level * time)
        decaying = residual.decaying(2 * level)
        yield from (*spectrum(statement), *decaying)
        spread = _over(axis, residual.squared * sp.Sum(gradient**2, (_i, 1, size)))
        spread -= _over(axis, sp.Sum(residual(_i) * gradient, (_i, 1, size)) ** 2)
        cross = residual(_i) * gradient.subs(_i, _j) - residual(_j) * gradient
        gram = _over(axis, sp.Sum(cross**2, (_i, 1, size), (_j, 1, size)) / 2)
        yield check.finite_sums("cauchy-schwarz", "Lagrange's identity.", spread, gram)
        squares = check.nonnegative("cauchy-schwarz-sign", "A sum of squares.", gram, uses=("cauchy-schwarz",))
        text = "By the bounds on the factors of the gradient, which are hypotheses."
        factors = [
            check.nonnegative(f"factor-{number}", text, gap, given=given)
            for number, (gap, given) in enumerate(hypotheses, start=1)
        ]
        yield from (squares, *factors)
        long = check.inequality(
            "lengths",
            "Together they bound the length of the gradient.",
            lengths,
            largest,
            [(1, factor) for factor in factors],
        )
        quotient = sp.expand(multiple_of(rhs**2, residual.start) * sp.exp(2 * level * time) / scale**2)
        constant = _constant(quotient - size * largest, size)
        yield from (long, constant)
        parts = check.inequality(
            "parts",
            "The square of the right side minus that of the left side is a sum of parts that are not negative: by the "
            "constant, by the decay of the residual, by the bound on the gradient, and as a sum of squares.",
            lhs**2,
            rhs**2,
            (
                (scale**2 * residual.start * falling, constant),
                (scale**2 * size * largest * falling, decaying[-1]),
                (scale**2 * residual.squared, long, (_i, 1, size)),
                (scale**2, squares),
            ),
        )
        sign = check.nonnegative("right-side", "The right side of the statement is not negative.", rhs)
        yield from (parts, sign)
        text = "So $V^2 <= B^2$ and $0 <= B$ for the two sides: the roots are in the same order as the squares."
        yield check.square_root("bound", text, lhs, rhs, squares=parts, sign=sign)

    return chain(statement, steps)


Axis = tuple[sp.Symbol, sp.Expr, sp.Expr]


def _gradient(lhs: sp.Expr, residual: Residual) -> tuple[sp.Expr, sp.Expr, Axis | None]:
    """Read the scale c, the gradient g_i or g_ik in the index i, and the range of k off the left side."""
    scale, core = lhs.as_independent(sp.Sum, as_Add=False)
    axis, total = None, core.args[0] if core.args else core
    if isinstance(core, sp.Pow) and core.exp == sp.S.Half and isinstance(core.base, sp.Sum):
        axis, square = tuple(core.base.limits[0]), core.base.function
        total = square.base if isinstance(square, sp.Pow) and square.exp == 2 else square
    elif not isinstance(core, sp.Abs):
        raise NotAFlowError("the left side is no length")
    if not (isinstance(total, sp.Sum) and len(total.limits) == 1):
        raise NotAFlowError("the left side is not the length of a sum over the examples")
    ((index, low, high),) = total.limits
    gradient = (total.function / residual(index)).subs(index, _i)
    if (low, high) != (1, residual.flow.size) or gradient.has(LinearFlow):
        raise NotAFlowError("the left side is not linear in the residual")
    return scale, gradient, axis


def _over(axis: Axis | None, expr: sp.Expr) -> sp.Expr:
    return expr if axis is None else sp.Sum(expr, axis)


def _lengths(
    statement: Equation, gradient: sp.Expr, axis: Axis | None
) -> tuple[sp.Expr, sp.Expr, list[tuple[sp.Expr, tuple[sp.Expr, ...]]]]:
    """|g_i|², a bound of it, and their difference in parts that are not negative given what the domain declares."""
    sets = {key: values for key, values in statement.domain if isinstance(values, sp.Interval)}
    done, largest = sp.S.One, sp.S.One
    found: list[tuple[sp.Expr, sp.Expr, tuple[sp.Expr, ...]]] = []
    vector = sp.S.One
    for factor in sp.Mul.make_args(gradient):
        if axis is not None and factor.has(axis[0]):
            vector *= factor
            continue
        if factor not in sets or sets[factor].inf != -sets[factor].sup:
            raise NotAFlowError(f"the domain does not bound {factor}")
        top = sets[factor].sup
        found.append((factor**2, top**2, (top - factor, top + factor)))
    if axis is not None:
        length = sp.Sum(vector**2, axis)
        if length not in sets or sets[length].inf != 0:
            raise NotAFlowError(f"the domain does not bound {length}")
        found.append((length, sets[length].sup, (sets[length].sup - length,)))
    parts = []
    for number, (_, _, given) in enumerate(found):
        before = sp.Mul(*(value for value, _, _ in found[:number]))
        after = sp.Mul(*(top for _, top, _ in found[number + 1 :]))
        parts.append((before * sp.Mul(*given) * after, given))
    for value, top, _ in found:
        done, largest = done * value, largest * top
    return done, largest, parts


def _constant(slack: sp.Expr, size: sp.Expr) -> Step:
    """The slack is >= 0, with n = 1 + q and a maximum written as one of its arguments plus what it is larger by."""
    text = "The constant of the bound is large enough: $n >= 1$, and a maximum is no less than each of its arguments."
    maxima = sorted(slack.atoms(sp.Max), key=sp.default_sort_key)
    for choice in product(*(largest.args for largest in maxima)):
        running = {top: argument + sp.Dummy(nonnegative=True) for top, argument in zip(maxima, choice, strict=True)}
        running[size] = 1 + sp.Dummy(integer=True, nonnegative=True)
        step = check.nonnegative("constant", text, slack, running=running)
        if step.closed:
            break
    return step
