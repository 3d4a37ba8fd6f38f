"""Steps that say two expressions are equal: by reduction, from other steps, by cases, by finite sums, by induction."""

from __future__ import annotations

from itertools import product

import sympy as sp

from derivations.replay import nodes, sums
from derivations.replay.calculus import vanishes
from derivations.replay.context import Accepted, Condition, Conditions, Context, define, put_in, replaced, suits
from derivations.replay.decode import Step
from derivations.replay.errors import RejectedError
from derivations.replay.peel import peel
from derivations.replay.reduce import residual
from derivations.replay.signs import covered


def identity(step: Step, context: Context) -> Conditions:
    """`lhs = rhs` by reduction, modulo equations of the statement or of steps it uses."""
    modulo = [_known_to_vanish(part, step, context) for part in step.data.get("modulo", ())]
    vanishes(define(step.lhs - step.rhs, step.data.get("meaning", {})), modulo=modulo)
    return context.inherited(step)


def _known_to_vanish(part: sp.Expr, step: Step, context: Context) -> sp.Expr:
    statement = context.statement
    facts = [name - meaning for name, meaning in statement.where]
    facts += [q - next(iter(v)) for q, v in statement.domain if isinstance(v, sp.FiniteSet) and len(v) == 1]
    facts += [used.lhs - used.rhs for used in context.used(step) if not used.is_sign and not used.almost_everywhere]
    if not any(residual(part - fact) == 0 or residual(part + fact) == 0 for fact in facts):
        raise RejectedError(f"{part} = 0 is neither in the statement nor in a step that is used")
    return part


def consequence(step: Step, context: Context) -> Conditions:
    """`lhs = rhs` once definitions are put in and equations used from left to right."""
    where = context.definitions(step)
    difference = put_in(step.lhs, where) - put_in(step.rhs, where)
    for used in context.equations(step, almost=True):
        if used.almost_everywhere:
            difference = _under_expectations(difference, used)
        else:
            if all(context.abbreviations.get(name) == formula for name, formula in used.meaning.items()):
                difference = replaced(difference, used.step.lhs, used.step.rhs)
            difference = replaced(difference, used.lhs, used.rhs)
    vanishes(define(difference, context.abbreviations))
    return context.inherited(step)


def _under_expectations(expr: sp.Expr, used: Accepted) -> sp.Expr:
    """Integrands replaced that are equal unless a variable vanishes, under laws that give this probability zero."""

    def replace(node: nodes.Expect) -> sp.Expr:
        if node.args[0] != used.lhs or not set(used.step.data["variables"]) <= set(node.bound):
            return node
        if not all(node.args[2][place, place].is_positive for place in range(len(node.bound))):
            return node
        return node.func(used.rhs, *node.args[1:])

    return expr.replace(lambda e: isinstance(e, nodes.Expect), replace)


def _using(found: list[Accepted], expr: sp.Expr, every: tuple[sp.Symbol, ...] = ()) -> sp.Expr:
    for used in found:
        expr = replaced(expr, used.lhs, used.rhs, every)
    return expr


def instance(step: Step, context: Context) -> Conditions:
    """A step with values given to its symbols."""
    at, running = step.data.get("at", {}), step.data.get("running", {})
    conditions = covered(running, step, context)
    (name,) = step.data["of"]
    used = next((used for used in context.used(step) if used.step.id == name), None)
    if used is None or used.is_sign is not (step.rule == "sign") or used.almost_everywhere:
        raise RejectedError(f"it is no instance of step {name}")
    for symbol, value in at.items():
        if not isinstance(symbol, sp.Symbol):
            raise RejectedError(f"{symbol} is no symbol that a value could be given to")
        suits(symbol, sp.factor(sp.together(value.subs(running))) if running else value)
    lhs, rhs = (side.subs(at, simultaneous=True) for side in (used.lhs, used.rhs))
    vanishes(rhs - step.rhs, "the difference of the right sides")
    if isinstance(lhs, nodes.Expect) and isinstance(step.lhs, nodes.Expect) and len(lhs.bound) == len(step.lhs.bound):
        lhs = lhs.renamed(dict(zip(lhs.bound, step.lhs.bound, strict=True)))
        for one, other in zip(lhs.args[2], step.lhs.args[2], strict=True):
            vanishes(one - other, "the difference of two covariances")
        vanishes(lhs.args[0] - step.lhs.args[0], "the difference of the integrands")
    else:
        vanishes(lhs - step.lhs, "the difference of the left sides")
    known = {**_inside(context), **running}
    return frozenset(left for condition in used.conditions for left in _at(condition, at, known)) | conditions


def _inside(context: Context) -> dict[sp.Symbol, sp.Expr]:
    """The symbols whose domain is an open interval, as points of it."""
    open_ = {
        symbol: values
        for symbol, values in context.statement.domain
        if isinstance(symbol, sp.Symbol)
        and isinstance(values, sp.Interval)
        and values.is_open
        and values.measure < sp.oo
    }
    points = {symbol: sp.Dummy(positive=True) for symbol in open_}
    return {s: (values.start + values.end * points[s]) / (1 + points[s]) for s, values in open_.items()}


def _at(condition: Condition, at: dict[sp.Symbol, sp.Expr], known: dict[sp.Symbol, sp.Expr]) -> list[Condition]:
    """A condition on a value that is put in; none is left if what is known of its symbols meets it."""
    value = at.get(condition.symbol, condition.symbol)
    low, high = (end.subs(at, simultaneous=True) for end in (condition.low, condition.high))
    if isinstance(value, sp.Symbol):
        return [Condition(value, low, high, condition.open_low, condition.open_high)]
    gaps = [sp.factor(sp.together(gap.subs(known))) for gap in (value - low, high - value)]
    is_open = condition.open_low, condition.open_high
    if not all(gap.is_positive or (gap.is_nonnegative and not o) for gap, o in zip(gaps, is_open, strict=True)):
        raise RejectedError(f"{condition} is not known for {value}")
    return []


def cases(step: Step, context: Context) -> Conditions:
    """`lhs = rhs` for positive, negative and vanishing values of real variables."""
    names = step.data["variables"]
    if not all(isinstance(name, sp.Symbol) and name.is_extended_real for name in names):
        raise RejectedError("the cases of signs are exhaustive for real variables only")
    almost = step.data.get("almost_everywhere", False)
    if almost and step.lemma != "null set":
        raise RejectedError('the case zero is left out without the lemma "null set"')
    for signs in product((1, -1, 0), repeat=len(names)):
        if almost and 0 in signs:
            continue
        at = {name: sign * sp.Dummy(positive=True) for name, sign in zip(names, signs, strict=True)}
        if all(_may_be(name, sign) for name, sign in zip(names, signs, strict=True)):
            difference = step.lhs.subs(at, simultaneous=True) - step.rhs.subs(at, simultaneous=True)
            vanishes(
                difference, f"the difference for {', '.join(_sign(*case) for case in zip(names, signs, strict=True))}"
            )
    return context.inherited(step)


def _may_be(name: sp.Symbol, sign: int) -> bool:
    return {1: name.is_positive, -1: name.is_negative, 0: name.is_zero}[sign] is not False


def _sign(name: sp.Symbol, sign: int) -> str:
    return f"{name} {'=' if sign == 0 else '>' if sign > 0 else '<'} 0"


def exhausted(step: Step, context: Context) -> Conditions:
    """`lhs = rhs` at all points of a finite domain, a step for each."""
    names, points = step.data["variables"], step.data["points"]
    sets = dict(context.statement.domain)
    if not all(isinstance(sets.get(name), sp.FiniteSet) for name in names):
        raise RejectedError("the domain is not finite")
    if {tuple(point) for point in points} != set(product(*(sets[name] for name in names))):
        raise RejectedError("the points are not those of the domain")
    where, found = context.definitions(step), context.equations(step)
    if len(found) != len(points):
        raise RejectedError("it has not one step for each point")
    for point, used in zip(points, found, strict=True):
        at = dict(zip(names, point, strict=True))
        for side, at_point in ((step.lhs, used.lhs), (step.rhs, used.rhs)):
            vanishes(
                put_in(side, where).subs(at, simultaneous=True) - at_point, f"a side less that of step {used.step.id}"
            )
    return context.inherited(step)


def finite_sums(step: Step, context: Context) -> Conditions:
    """`lhs = rhs` by the rules of finite sums, for any number of terms."""
    where, found, every = context.definitions(step), context.equations(step), step.data.get("every", ())
    ranges = {index: tuple(ends) for index, ends in step.data.get("ranges", {}).items()}
    _within(found, every, step, context)
    setting = sums.Setting(ranges, _orthogonal(step, context))
    left = sums.normal(_using(found, put_in(_using(found, step.lhs - step.rhs, every), where), every), setting)
    for used in found:
        at_normal = sums.normal(put_in(used.lhs, where), setting) if used.lhs.args else used.lhs
        left = replaced(replaced(left, used.lhs, used.rhs, every), at_normal, used.rhs, every)
    vanishes(sums.normal(sums.unfolded(left), setting))
    own = frozenset(Condition(index, *ends) for index, ends in ranges.items())
    kept = {c for c in context.inherited(step) if c.symbol not in every}
    return frozenset(kept) | own


def _within(found: list[Accepted], every: tuple[sp.Symbol, ...], step: Step, context: Context) -> None:
    """Raise RejectedError if an equation that holds for an index in a range is used for one with another range."""
    for condition in (c for used in found for c in used.conditions if c.symbol in every):
        sides = [put_in(side, context.statement.where) for side in (step.lhs, step.rhs)]
        ends = {tuple(limit[1:]) for side in sides for node in side.atoms(sp.Sum) for limit in node.limits}
        ends |= {tuple(range_) for range_ in step.data.get("ranges", {}).values()}
        if ends != {(condition.low, condition.high)}:
            raise RejectedError(f"an equation that holds for {condition} is used where indices run elsewhere too")


def _orthogonal(step: Step, context: Context) -> tuple[sp.IndexedBase, sp.Expr] | None:
    if not (found := step.data.get("orthogonal", ())):
        return None
    base, size = found
    column = [sp.Dummy(integer=True) for _ in range(2)]
    i = sp.Dummy(integer=True)
    gram = sums.normal(sp.Sum(base[i, column[0]] * base[i, column[1]], (i, 1, size)))
    for quantity, values in context.statement.domain:
        delta = next(iter(values)) if isinstance(values, sp.FiniteSet) and len(values) == 1 else None
        if isinstance(quantity, sp.Sum) and isinstance(delta, sp.KroneckerDelta):
            names = dict(zip(delta.args, column, strict=True))
            if sums.normal(quantity.subs(names, simultaneous=True)) == gram:
                return base, size
    raise RejectedError(f"the domain does not say that {base} is orthogonal")


def peeled(step: Step, context: Context) -> Conditions:
    """`lhs = rhs` once the last terms are split off."""
    where = context.definitions(step)
    vanishes(put_in(peel(step.lhs), where) - put_in(peel(step.rhs), where))
    return context.inherited(step)


def induction_first(step: Step, context: Context) -> Conditions:
    """The case 0."""
    vanishes(peel(step.lhs) - peel(step.rhs))
    return context.inherited(step)


def induction_next(step: Step, context: Context) -> Conditions:
    """From one case to the next, with the hypothesis put in."""
    index, (lhs, rhs) = step.data["index"], step.data["hypothesis"]
    for side, before in ((step.lhs, lhs), (step.rhs, rhs)):
        vanishes(side - before.subs(index, index + 1), "a side less that of the hypothesis at the next index")
    following = peel(lhs.subs(index, index + 1)).xreplace({lhs: rhs}) - peel(rhs.subs(index, index + 1))
    vanishes(_using(context.equations(step), following))
    return context.inherited(step)


def induction(step: Step, context: Context) -> Conditions:
    """The whole, from its first case and the step to the next."""
    index = step.data["index"]
    halves = context.used(step)
    if [half.step.check for half in halves] != ["induction_first", "induction_next"]:
        raise RejectedError("it rests on the first case and the step to the next")
    first, following = halves
    if not (isinstance(index, sp.Symbol) and index.is_integer and index.is_nonnegative):
        raise RejectedError(f"{index} is no symbol for 0, 1, 2, …")
    if following.step.data["index"] != index or following.step.data["hypothesis"] != (step.lhs, step.rhs):
        raise RejectedError("the hypothesis of the induction is another")
    for side, start in ((step.lhs, first.lhs), (step.rhs, first.rhs)):
        vanishes(side.subs(index, 0) - start, "a side at 0 less that of the first case")
    return context.inherited(step)


def over_orthant(step: Step, context: Context) -> Conditions:
    """An expectation as an integral over positive variables, the integrand collected over all signs."""
    node, integral = step.lhs, step.rhs
    if not isinstance(node, nodes.Expect) or not isinstance(integral, sp.Integral) or step.lemma != "null set":
        raise RejectedError('the sides are an expectation and an integral, by the lemma "null set"')
    if any(tuple(limit)[1:] != (0, sp.oo) for limit in integral.limits) or len(integral.limits) != len(node.bound):
        raise RejectedError("the region is not that of positive variables")
    names = {limit[0]: sp.Dummy(positive=True) for limit in integral.limits}
    total = sp.S.Zero
    for signs in product((1, -1), repeat=len(names)):
        point = [sign * p for sign, p in zip(signs, names.values(), strict=True)]
        value = node.args[0].subs(dict(zip(node.bound, point, strict=True)), simultaneous=True)
        total += value * density(point, node.args[2])
    collected = define(integral.function, step.data.get("meaning", {})).subs(names, simultaneous=True)
    vanishes(total - collected, "the difference of the integrands")
    return context.inherited(step)


def density(point: list[sp.Expr], covariance: sp.ImmutableDenseMatrix) -> sp.Expr:
    """The centred Gaussian density, exp(-zᵀC⁻¹z/2)/√((2π)ⁿ det C)."""
    z, determinant = sp.Matrix(point), covariance.det()
    square = (z.T * covariance.adjugate() * z)[0, 0] / determinant
    if len(point) == 1:
        return sp.exp(-square / 2) / (sp.sqrt(2 * sp.pi) * sp.sqrt(determinant))
    return sp.exp(-square / 2) / (2 * sp.pi * sp.sqrt(determinant))
