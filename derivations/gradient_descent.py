"""Gradient descent with a fixed step: exactly on a quadratic, and what it finds on any smooth loss."""

import sympy as sp

from derivations import check
from derivations.activations import sigma, sigma_prime
from derivations.chain import Chain
from derivations.domain import Equation, unfounded
from derivations.expressions import Iterate
from derivations.taylor import curvature_in, from_above

_z = sp.Symbol("z", real=True)


def geometric(statement: Equation) -> Chain:
    """Derive an identity in w_t, where w_(t+1) = q w_t: by induction w_t = q^t w_0, which is put in."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    found = sorted((lhs - rhs).atoms(Iterate), key=sp.default_sort_key)
    if len(found) != 1 or not found[0].count.is_Symbol:
        return Chain(steps=(), obstacle="the statement is not about one recursion at a number of steps of its own")
    (path,) = found
    factor = sp.factor(path.update / path.previous)
    if factor.has(path.previous, path.index):
        return Chain(steps=(), obstacle=f"the update {path.update} is no multiple of {path.previous}")
    closed = factor**path.count * path.base
    steps = check.induction("path", "Every step multiplies by the same factor.", path, closed, path.count)
    final = check.consequence("statement", "Put into the statement.", lhs, rhs, (steps[-1],))
    return Chain(steps=(*steps, final))


def summed(statement: Equation) -> Chain:
    """Derive c Σ_(h<t) σ'(w_h)² <= σ(w_0) - low for w_(h+1) = w_h - η σ'(w_h), |σ''| <= β and σ >= low.

    Every step lowers σ by c σ'(w_h)² or more, by Taylor's formula; all of them together by no more than there is.
    """
    curvature = curvature_in(statement)
    if obstacle := unfounded(statement) or ("" if curvature is not None else "the domain does not bound σ''"):
        return Chain(steps=(), obstacle=obstacle)
    factor, total = statement.lhs.as_independent(sp.Sum, as_Add=False)
    low = next(
        (v.inf for q, v in statement.domain if isinstance(q, sigma) and isinstance(v, sp.Interval) and v.sup == sp.oo),
        None,
    )
    paths = total.function.atoms(Iterate) if isinstance(total, sp.Sum) and len(total.limits) == 1 else set()
    if low is None or len(paths) != 1:
        return Chain(steps=(), obstacle="the statement is not about one path on a loss that is bounded below")
    (path,), ((h, first, last),) = paths, total.limits
    if path.count != h or first != 0 or total.function != sigma_prime(path) ** 2:
        return Chain(steps=(), obstacle="the left side does not sum the squared slopes from the start on")
    w, step = path.previous, path.update
    descent = from_above(sigma(w) - factor * sigma_prime(w) ** 2, curvature, w, step)
    along = check.instance("along", "On the path.", descent[-1].lhs.subs(w, path), sp.S.Zero, descent[-1], {w: path})
    fall = sp.Sum(sigma(path) - sigma(step.subs(w, path)), total.limits[0])
    end = path.func(*path.args[:4], last + 1)
    text = "The loss at the start is what was lost on the path and the loss at its end."
    told = check.induction("telescope", text, sigma(path.base), fall + sigma(end), last + 1)
    below = check.nonnegative("low", "The loss is bounded below.", sigma(_z) - low, given=(sigma(_z) - low,))
    at_end = check.instance("end", "At the end of the path.", sigma(end) - low, sp.S.Zero, below, {_z: end})
    text = "The loss at the start, less its lower bound, is no less than the sum of what the steps lower it by."
    parts = ((sp.S.One, along, (h, first, last)), (sp.S.One, at_end))
    final = check.inequality("sum", text, statement.lhs, statement.rhs, parts, of=(told[-1],))
    return Chain(steps=(*descent, along, *told, below, at_end, final))
