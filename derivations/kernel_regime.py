"""One step with the kernel of the start in place of its own: at the examples, at any input, and in sum over steps."""

from dataclasses import replace
from typing import Any, cast

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.linearisation import Setting, quadratic_bound, squared
from derivations.two_layers import NotTwoLayersError


def one_step(statement: Equation) -> Chain:
    """Derive √(Σ_ℓ (μ_ℓ c_ℓ - κ b_ℓ)²) <= √(Σ_ℓ c_ℓ²) + κ √(Σ_ℓ b_ℓ²), |μ_ℓ| <= 1, by the Cauchy-Schwarz inequality.

    The domain declares that 1 - μ_ℓ is in [0, 2].
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    sums = [node for node in lhs.atoms(sp.Sum) if lhs == sp.sqrt(node) and len(node.limits) == 1]
    lengths = {node for term in sp.Add.make_args(rhs) for node in term.atoms(sp.Sum)}
    bases = {node.function.args[0] for node in lengths if isinstance(node.function.args[0], sp.Indexed)}
    if len(sums) != 1 or len(lengths) != 2 or len(bases) != 2:
        return Chain(steps=(), obstacle="the statement does not compare a length with the sum of two lengths")
    modes, (row,) = sums[0].limits[0], [sums[0].function.args[0]]
    for c, b in (tuple(bases), tuple(bases)[::-1]):
        factor, rate = sp.expand(row).coeff(c), -sp.expand(row).coeff(b)
        room = dict(statement.domain).get(sp.expand(1 - factor))
        if isinstance(room, sp.Interval) and (room.inf, room.sup) == (0, 2):
            break
    else:
        return Chain(steps=(), obstacle="the domain does not say that no step stretches a component")
    mode, low, high = modes
    other, shrink = sp.Symbol("l" if mode.name != "l" else "o", integer=True), sp.expand(1 - factor)
    kept = check.nonnegative(
        "kept",
        "No component is stretched: $mu_ell^2 <= 1$.",
        sp.Sum(c**2 * shrink * (2 - shrink), modes),
        given=(shrink, 2 - shrink),
    )
    cross = factor * c * b.subs(mode, other) - (factor * c).subs(mode, other) * b
    gram = sp.Sum(cross**2, modes, (other, low, high)) / 2
    squares = check.nonnegative("squares", "A sum of squares.", gram)
    before, kicks = sp.Sum(c**2, modes), sp.Sum(b**2, modes)
    inner, product = -sp.Sum(factor * c * b, modes), sp.sqrt(before) * sp.sqrt(kicks)
    text = "Lagrange's identity."
    crossed = check.inequality("cross-squares", text, inner**2, product**2, ((1, squares), (kicks, kept)))
    sign = check.nonnegative("product", "A product of lengths.", product)
    schwarz = check.square_root("cross", "The Cauchy-Schwarz inequality.", inner, product, squares=crossed, sign=sign)
    text = "The squares of both sides."
    longest = check.inequality("step-squares", text, lhs**2, rhs**2, ((1, kept), (2 * rate, schwarz)))
    length = check.nonnegative("right-side", "The right side is not negative.", rhs)
    text = "So the sides are in the same order as their squares."
    step = check.square_root("step", text, lhs, rhs, squares=longest, sign=length)
    return Chain(steps=(kept, squares, crossed, sign, schwarz, longest, length, step))


def added_up(statement: Equation) -> Chain:
    """Derive E_t - E_0 <= κ Σ_(h=1)^t b_h where the domain says that E_(h-1) + κ b_h - E_h >= 0."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    rate, total = statement.rhs.as_independent(sp.Sum, as_Add=False)
    known = [
        quantity
        for quantity, values in statement.domain
        if isinstance(quantity, sp.Add) and isinstance(values, sp.Interval) and values.inf == 0
    ]
    if not (isinstance(total, sp.Sum) and len(total.limits) == 1 and len(known) == 1):
        return Chain(steps=(), obstacle="the domain does not say what one step adds")
    (h, first, last), (room,) = total.limits[0], known
    fall = sp.expand(room - rate * total.function)
    ends = [-term for term in sp.Add.make_args(fall) if term.could_extract_minus_sign()]
    if len(ends) != 1 or first != 1 or fall != ends[0].subs(h, h - 1) - ends[0]:
        return Chain(steps=(), obstacle="what the domain bounds is not the change of a sequence in a step")
    start, end = (ends[0].subs(h, place) for place in (0, last))
    text = "The start is what is lost in all steps, and the end."
    told = check.induction("telescope", text, start, sp.Sum(fall, total.limits[0]) + end, last)
    step = check.nonnegative("step", "What one step adds, by hypothesis.", room, given=(room,))
    text = "The distance at the end is no more than what all steps add."
    parts = ((sp.S.One, step, total.limits[0]),)
    whole = check.inequality("sum", text, statement.lhs, statement.rhs, parts, of=(told[-1],))
    return Chain(steps=(*told, step, whole))


def at_any_input(statement: Equation) -> Chain:
    """Derive |f(W + v) - f(W) + ρ Σ_i h_i r_i| <= β/(2√m) ‖v‖² + ρ √(Σ_i (k_i - h_i)²) √(Σ_i r_i²).

    The definitions are those of f(W), of f(W + v), and of k_i with ⟨∇f(W), v⟩ = -ρ Σ_i k_i r_i.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    try:
        setting = Setting.read(statement)
    except NotTwoLayersError as error:
        return Chain(steps=(), obstacle=str(error))
    lengths = [term for term in sp.Add.make_args(statement.rhs) if len(_roots(term)) == 2]
    if len(lengths) != 1:
        return Chain(steps=(), obstacle="the right side holds no product of two lengths")
    rate, product = lengths[0].as_independent(*_roots(lengths[0]), as_Add=False)
    before, after = (name for name, _ in statement.where[:2])
    j, k = sp.symbols("j k", integer=True)
    ((entry, *inputs),) = setting.start.inner.limits
    move = setting.move.subs({setting.start.neurons[0]: j, entry: k}, simultaneous=True)
    slope = sp.Sum(
        sp.Derivative(before, setting.start.weights[j, k]) * move, (j, *setting.start.neurons[1:]), (k, *inputs)
    )
    missed = sp.Abs(after - before - slope)
    weight = setting.start.scale * setting.readout * setting.curvature * setting.inputs / 2
    scale, direction = setting.move.as_independent(sp.Indexed, as_Add=False)
    quadratic = weight * scale**2 * sp.Sum(squared(setting, direction), setting.start.neurons)
    taylor = quadratic_bound(replace(cast("Any", statement), lhs=missed, rhs=quadratic))
    if taylor.obstacle:
        return taylor
    above, below = (step for step in taylor.steps if step.id in {"side-above", "side-below"})
    if missed.args[0] != after - before - slope:  # SymPy turns |x| into |-x| as it likes.
        above, below = below, above
    schwarz = _cauchy_schwarz(product)
    inside = statement.lhs.args[0]
    way = 1 if inside.coeff(after) == 1 else -1
    sides = [
        check.inequality(
            f"{name}-all",
            "The error of the step, and what the two kernels differ by on the residuals.",
            sign * inside,
            statement.rhs,
            ((1, taylor_side), (rate, schwarz_side)),
            definitions=statement.where,
        )
        for name, sign, taylor_side, schwarz_side in (
            ("above", way, above, schwarz[-1]),
            ("below", -way, below, schwarz[-2]),
        )
    ]
    text = "So the absolute value is bounded."
    ordered = sides if way > 0 else sides[::-1]
    whole = check.absolute_value("statement", text, statement.lhs, statement.rhs, above=ordered[0], below=ordered[1])
    return Chain(steps=(*taylor.steps, *schwarz, *sides, whole))


def _roots(expr: sp.Expr) -> set[sp.Expr]:
    return {power for power in expr.atoms(sp.Pow) if power.exp == sp.S.Half and isinstance(power.base, sp.Sum)}


def _cauchy_schwarz(product: sp.Expr) -> tuple[Step, ...]:
    """±Σ u_i v_i <= √(Σ u_i²) √(Σ v_i²), the right side being `product`: last for plus and for minus."""
    one, other = sorted((power.base for power in _roots(product)), key=sp.default_sort_key)
    ((i, low, high),) = one.limits
    twin = sp.Symbol("l" if i.name != "l" else "o", integer=True)
    u, v = (sp.sqrt(total.function).args[0] for total in (one, other.xreplace({other.limits[0][0]: i})))
    gram = sp.Sum((u * v.subs(i, twin) - u.subs(i, twin) * v) ** 2, (i, low, high), (twin, low, high)) / 2
    squares = check.nonnegative("gram", "A sum of squares.", gram)
    inner = sp.Sum(u * v, (i, low, high))
    text = "Lagrange's identity."
    sign = check.nonnegative("lengths", "A product of lengths.", product)
    crossed = [
        check.inequality(f"schwarz-squares-{name}", text, side**2, product**2, ((1, squares),))
        for name, side in (("plus", inner), ("minus", -inner))
    ]
    text = "The Cauchy-Schwarz inequality."
    return (
        squares,
        sign,
        *crossed,
        check.square_root("schwarz-plus", text, inner, product, squares=crossed[0], sign=sign),
        check.square_root("schwarz-minus", text, -inner, product, squares=crossed[1], sign=sign),
    )
