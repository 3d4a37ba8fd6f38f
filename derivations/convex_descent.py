"""Gradient descent on a convex loss: after t steps the mean loss is within (w_0 - v)²/(2ηt) of the loss at any v."""

import sympy as sp

from derivations import check
from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from derivations.chain import Chain
from derivations.domain import Equation, unfounded
from derivations.expressions import Iterate
from derivations.sum_bounds import unfounded_parts
from derivations.taylor import one_sided

_z = sp.Symbol("z", real=True)


def averaged(statement: Equation) -> Chain:
    """Derive c Σ_(h<t) (σ(w_(h+1)) - σ(v)) <= c (w_0 - v)²/(2η), w_(h+1) = w_h - η σ'(w_h).

    That is for c > 0, 0 <= σ'' <= β and ηβ <= 1. A step lowers the loss by η/2 σ'(w)² or more, as |σ''| <= β; the
    tangent at w lies below the convex loss, at v too; together the loss after the step exceeds that at v by no more
    than what (w - v)²/(2η) falls by.
    """
    setting = _setting(statement)
    if isinstance(setting, str):
        return Chain(steps=(), obstacle=setting)
    curvature, path, at, (h, _, last) = setting
    w, step = path.previous, path.update
    rate = sp.cancel((w - step) / sigma_prime(w))
    room = 1 - rate * curvature
    if obstacle := unfounded_parts(statement, (), (room,)):
        return Chain(steps=(), obstacle=obstacle)
    descent = one_sided("above", 1, curvature, w, step)
    convex = one_sided("below", -1, sp.S.Zero, w, at)
    text = "What the step gains by its length: $eta beta <= 1$."
    short = check.nonnegative("short", text, rate * room * sigma_prime(w) ** 2 / 2, given=(room,))
    fall = ((w - at) ** 2 - (step - at) ** 2) / (2 * rate)
    one = check.inequality(
        "step",
        "Taylor's formula, convexity and the length of the step, together.",
        sigma(step) - sigma(at),
        fall,
        ((sp.S.One, descent[-1]), (sp.S.One, convex[-1]), (sp.S.One, short)),
    )
    along = check.instance("along", "On the path.", one.lhs.subs(w, path), sp.S.Zero, one, {w: path})
    falls = sp.Sum((path - at) ** 2 - (step.subs(w, path) - at) ** 2, (h, 0, last))
    end = path.func(*path.args[:4], last + 1)
    text = "The squared distance at the start is what was lost on the path and that at its end."
    told = check.induction("telescope", text, (path.base - at) ** 2, falls + (end - at) ** 2, last + 1)
    square = check.nonnegative("square", "A square is not negative.", (_z - at) ** 2)
    rest = check.instance("end", "At the end of the path.", (end - at) ** 2, sp.S.Zero, square, {_z: end})
    lhs, rhs = statement.lhs, statement.rhs
    text = "The sum over the steps."
    scale = sp.cancel(rhs * 2 * rate / (path.base - at) ** 2)
    parts = ((scale, along, (h, 0, last)), (scale / (2 * rate), rest))
    final = check.inequality("sum", text, lhs, rhs, parts, of=(told[-1],))
    return Chain(steps=(*descent, *convex, short, one, along, *told, square, rest, final))


def _setting(statement: Equation) -> tuple[sp.Expr, Iterate, sp.Expr, tuple[sp.Symbol, sp.Expr, sp.Expr]] | str:
    """β, the path, the point compared with, and the limits of the sum over the steps; or what is missing."""
    if obstacle := unfounded(statement):
        return obstacle
    bounds = [
        values.sup
        for quantity, values in statement.domain
        if isinstance(quantity, sigma_prime_prime) and isinstance(values, sp.Interval) and values.inf == 0
    ]
    sums = [total for total in statement.lhs.atoms(sp.Sum) if len(total.limits) == 1]
    if len(bounds) != 1 or len(sums) != 1:
        return "the domain does not say that 0 <= σ'' <= β, or the left side is not one sum over the steps"
    (total,) = sums
    paths = {node for node in total.function.atoms(Iterate) if node.count == total.limits[0][0]}
    others = {node.args[0] for node in total.function.atoms(sigma) if isinstance(node.args[0], sp.Symbol)}
    if len(paths) != 1 or len(others) != 1 or total.limits[0][1] != 0:
        return "the statement does not compare the losses on one path with that at one point"
    return bounds[0], paths.pop(), others.pop(), total.limits[0]
