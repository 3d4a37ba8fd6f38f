"""Whether a step is an instance of a theorem about integrals or Gaussian expectations.

Each function raises RejectedError where the conclusion is not what the lemma gives with the equations that the step
uses. What stays unchecked are the hypotheses of analysis: integrable bounds, absolute convergence.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import sympy as sp

from derivations.replay import nodes
from derivations.replay.calculus import vanishes
from derivations.replay.context import Accepted, Condition, Conditions, Context, define
from derivations.replay.decode import Step
from derivations.replay.equations import density
from derivations.replay.errors import RejectedError
from derivations.replay.reduce import residual

_ROUNDS = 6
_HIGHEST_ORDER = 12
"""Of derivatives that are carried out."""


def common_meaning(step: Step, context: Context) -> dict[Any, sp.Lambda]:
    """What function names mean in the steps that a step uses; one meaning may be a special case of another."""
    found: dict[Any, list[sp.Lambda]] = {}
    for used in context.used(step):
        for name, formula in used.meaning.items():
            if formula not in found.setdefault(name, []):
                found[name].append(formula)
    chosen = dict(context.abbreviations)
    for name, formulas in found.items():
        least = min(formulas, key=lambda formula: len(formula.free_symbols))
        for formula in formulas:
            if formula != least and not _is_special(least, formula):
                raise RejectedError(f"the steps it uses give {name} different meanings")
        chosen[name] = least
    return chosen


def _is_special(special: sp.Lambda, general: sp.Lambda) -> bool:
    """Whether the formula is the general one for one value of a symbol that only the general one has."""
    extra = list(general.free_symbols - special.free_symbols)
    if len(extra) != 1 or special.variables != general.variables:
        return False
    origin = dict.fromkeys(special.variables[:-1], sp.S.Zero)
    try:
        values = sp.solve(general.expr.subs(origin) - special.expr.subs(origin), extra[0])
    except NotImplementedError:
        return False
    return any(residual(general.expr.subs(extra[0], value) - special.expr) == 0 for value in values)


def under_the_integral(step: Step, context: Context) -> None:
    """∂_c ∫ F = ∫ ∂_c F."""
    if not isinstance(step.lhs, sp.Derivative) or not isinstance(step.rhs, sp.Integral) or len(step.lhs.args) != 2:
        raise RejectedError("it does not take one derivative under one integral")
    whole, limits = step.lhs.expr, step.rhs.limits
    known = {used.step.lhs: used.step.rhs for used in _plain(context.used(step)) if used.step.lhs == whole}
    inner = known.get(whole, whole)
    if isinstance(inner, nodes.Expect):
        names = [limit[0] for limit in limits]
        if len(names) != len(inner.bound) or any(tuple(limit)[1:] != (-sp.oo, sp.oo) for limit in limits):
            raise RejectedError("the integral is not over all values of the Gaussian variables")
        inner = sp.Integral(_weighted(inner, names), *limits)
    if not isinstance(inner, sp.Integral) or inner.limits != limits:
        raise RejectedError("the two integrals are over different regions")
    variable, order = step.lhs.args[1]
    if variable in {symbol for limit in limits for symbol in sp.Tuple(*limit).free_symbols}:
        raise RejectedError(f"the region depends on {variable}")
    slope = sp.Derivative(inner.function, (variable, order))
    stands_for = common_meaning(step, context)
    if order.is_Integer and order <= _HIGHEST_ORDER:
        derived = define(sp.Derivative(define(inner.function, stands_for), (variable, order)).doit(deep=False), {})
    else:
        derived = {used.step.lhs: used.step.rhs for used in _plain(context.used(step))}.get(slope, slope)
    what = "the derivative of the integrand, less the integrand on the right,"
    vanishes(derived - define(step.rhs.function, stands_for), what)


def _plain(found: list[Accepted]) -> list[Accepted]:
    return [used for used in found if not used.is_sign and not used.almost_everywhere]


def _weighted(node: nodes.Expect, names: list[sp.Symbol]) -> sp.Expr:
    """The integrand times the density, in variables of these names."""
    return node.args[0].subs(dict(zip(node.bound, names, strict=True)), simultaneous=True) * density(
        names, node.args[2]
    )


def fubini(step: Step, context: Context) -> None:
    """Both sides lead, by the equations used and by integrating in one variable after the other, to one expression."""
    found = _plain(context.used(step))
    facts = [used.step for used in found if isinstance(used.step.lhs, sp.Integral) and len(used.step.lhs.limits) == 1]
    rules = [used.step for used in found if used.step not in facts]
    stands_for = common_meaning(step, context)
    sides = [_integrated(_rewritten(side, rules), rules, facts) for side in (step.lhs, step.rhs)]
    if sides[0] != sides[1]:
        vanishes(define(sides[0] - sides[1], stands_for), "what iterated integration makes of the sides")


def _rewritten(expr: sp.Expr, rules: list[Step]) -> sp.Expr:
    """The equations used from left to right, as often as they apply, for whatever values of their symbols."""
    for _ in range(_ROUNDS):
        before = expr
        for rule in rules:
            if not rule.lhs.is_Atom:
                expr = expr.replace(
                    lambda e, rule=rule: _values(rule.lhs, e) is not None, lambda e, rule=rule: _instance(rule, e)
                )
        if expr == before:
            break
    return expr


def _instance(rule: Step, e: sp.Expr) -> sp.Expr:
    return rule.rhs.subs(_values(rule.lhs, e) or {}, simultaneous=True)


def _values(pattern: sp.Basic, e: sp.Basic) -> dict[sp.Basic, sp.Basic] | None:
    """The values of symbols for which the pattern is the expression; None if there are none to be seen."""
    if pattern == e:
        return {}
    if isinstance(pattern, sp.Symbol):
        return {pattern: e} if isinstance(e, sp.Expr) and (e.is_extended_real or not pattern.is_extended_real) else None
    if pattern.is_Atom or pattern.func != e.func or len(pattern.args) != len(e.args):
        return None
    found: dict[sp.Basic, sp.Basic] = {}
    bound = set(getattr(pattern, "bound_symbols", ()))
    for part, other in zip(pattern.args, e.args, strict=True):
        values = _values(part, other)
        if values is None or any(found.get(s, v) != v for s, v in values.items()):
            return None
        found |= values
    return None if bound & set(found) else found


def _integrated(expr: sp.Expr, rules: list[Step], facts: list[Step]) -> sp.Expr:
    """Integrals replaced by what the integrals in one variable that are known leave of them."""
    for _ in range(_ROUNDS):
        before = expr
        expr = expr.replace(lambda e: isinstance(e, sp.Integral), lambda e: _once(e, facts))
        expr = _rewritten(expr, rules)
        if expr == before:
            break
    return expr


def _once(integral: sp.Integral, facts: list[Step]) -> sp.Expr:
    parts = sp.Add.make_args(integral.function)
    if len(parts) == 1:
        return _by_fact(integral, facts) or integral
    found = [_by_fact(sp.Integral(part, *integral.limits), facts) for part in parts]
    if all(part is None for part in found):
        return integral
    return sp.Add(
        *(
            sp.Integral(part, *integral.limits) if done is None else done
            for part, done in zip(parts, found, strict=True)
        )
    )


def _by_fact(integral: sp.Integral, facts: list[Step]) -> sp.Expr | None:
    """One integration carried out; None if no integral in one variable that is known fits."""
    for fact in facts:
        ((variable, low, high),) = fact.lhs.limits
        for number, limit in enumerate(integral.limits):
            name = limit[0]
            if tuple(limit)[1:] != (low, high):
                continue
            for values in _namings(fact, integral, variable, name):
                known = fact.lhs.function.subs(values, simultaneous=True)
                ratio = sp.S.One if integral.function == known else residual(integral.function / known)
                if ratio is not sp.nan and not ratio.has(name):
                    value = ratio * fact.rhs.subs(values, simultaneous=True)
                    rest = [other for place, other in enumerate(integral.limits) if place != number]
                    return sp.Integral(value, *rest) if rest and value != 0 else value
    return None


def _namings(fact: Step, integral: sp.Integral, variable: sp.Symbol, name: sp.Symbol) -> Iterator[dict[Any, Any]]:
    """Ways to read the fact for other symbols: its variable as the one integrated over, its parameters as others."""
    parameters = sorted(fact.lhs.free_symbols, key=str)
    yield {variable: name}
    for others in permutations(sorted(integral.free_symbols, key=str), len(parameters)):
        if all(a._assumptions_orig == b._assumptions_orig for a, b in zip(parameters, others, strict=True)):
            yield {variable: name, **dict(zip(parameters, others, strict=True))}


def along_a_path(step: Step, context: Context) -> None:
    """F(b) = F(a) + ∫_a^b F', or F(b) - F(a) = ∫_a^b F'."""
    found = [used.step for used in _plain(context.used(step))]
    slopes = [
        used
        for used in found
        if isinstance(used.lhs, sp.Derivative) and len(used.lhs.args) == 2 and used.lhs.args[1][1] == 1
    ]
    integrals = [part for part in sp.Add.make_args(step.rhs) if isinstance(part, sp.Integral) and len(part.limits) == 1]
    rules = [used for used in found if used not in slopes]
    for slope, integral in product(slopes, integrals):
        function, variable = slope.lhs.expr, slope.lhs.args[1][0]
        ((name, low, high),) = integral.limits
        if low.has(variable) and low != variable:
            continue
        rate = slope.rhs.subs(variable, name)
        same = rate == integral.function or residual(_solved(rate, rules) - integral.function) == 0
        start, end = function.subs(variable, low), function.subs(variable, high)
        ends = step.lhs - (step.rhs - integral)
        if same and _equal_ends(ends, end - start, rules):
            return
    raise RejectedError("the slopes it uses do not lead from one end to the other")


def _equal_ends(given: sp.Expr, wanted: sp.Expr, rules: list[Step]) -> bool:
    if given == wanted or residual(given - wanted) == 0:
        return True
    return any(residual(rule.lhs - wanted) == 0 and residual(rule.rhs - given) == 0 for rule in rules)


def _solved(expr: sp.Expr, rules: list[Step]) -> sp.Expr:
    """Expectations by the formulas used, at the value of a symbol for which the covariances agree."""
    for rule in rules:
        for node in expr.atoms(nodes.Expect):
            general = rule.lhs
            if not isinstance(general, nodes.Expect) or general.bound != node.bound or general.args[0] != node.args[0]:
                continue
            gaps = [a - b for a, b in zip(general.args[2], node.args[2], strict=True) if a != b]
            for symbol in sorted(general.free_symbols, key=str) if gaps else ():
                values = sp.solve(gaps[0], symbol)
                if len(values) == 1 and all(residual(gap.subs(symbol, values[0])) == 0 for gap in gaps):
                    expr = expr.xreplace({node: rule.rhs.subs(symbol, values[0])})
                    break
    return expr


def linear_image(step: Step, context: Context) -> None:
    """E f(z) for z = Dz' or z = d z', D diagonal: the covariances match, and so do the integrands."""
    outside, inner = step.rhs.as_independent(nodes.Expect, as_Add=False)
    node = step.lhs
    if not isinstance(node, nodes.Expect) or not isinstance(inner, nodes.Expect):
        raise RejectedError("the sides are no Gaussian expectations")
    law, image = node.args[2], inner.args[2]
    names = list(inner.bound) if len(inner.bound) == len(node.bound) else [inner.bound[0]] * len(node.bound)
    for signs in product((1, -1), repeat=len(node.bound)):
        place = [min(k, image.shape[0] - 1) for k in range(len(names))]
        scales = [
            sign * sp.sqrt(sp.cancel(law[k, k] / image[at, at]))
            for k, (sign, at) in enumerate(zip(signs, place, strict=True))
        ]
        entries = ((a, b) for a in range(len(names)) for b in range(a + 1))
        if any(residual(law[a, b] - scales[a] * scales[b] * image[place[a], place[b]]) != 0 for a, b in entries):
            continue
        point = dict(zip(node.bound, (s * name for s, name in zip(scales, names, strict=True)), strict=True))
        pulled = node.args[0].subs(point, simultaneous=True)
        if _same_integrands(pulled, outside * inner.args[0], context.used(step)):
            return
        if _same_by_signs(node, inner, outside, scales, names):
            return
    raise RejectedError("the pair on the left is no multiple of that on the right, with this integrand")


def _same_by_signs(
    node: nodes.Expect, inner: nodes.Expect, outside: sp.Expr, scales: list[sp.Expr], names: list[sp.Symbol]
) -> bool:
    """Whether the integrands agree for all signs; where variances are positive, so are the scales."""
    if not all(node.args[2][k, k].is_positive for k in range(len(names))) or len(set(names)) < len(names):
        return False
    sizes = [sp.Dummy(positive=True) for _ in names]
    for signs in product((1, -1), repeat=len(names)):
        places = [sign * sp.Dummy(positive=True) for sign in signs]
        stretched = [size * place for size, place in zip(sizes, places, strict=True)]
        one = node.args[0].subs(dict(zip(node.bound, stretched, strict=True)), simultaneous=True)
        other = inner.args[0].subs(dict(zip(inner.bound, places, strict=True)), simultaneous=True)
        if residual(one.xreplace(dict(zip(sizes, scales, strict=True))) - outside * other) != 0:
            return False
    return True


def _same_integrands(one: sp.Expr, other: sp.Expr, used: list[Accepted]) -> bool:
    """Whether they agree, or are the sides of an equation used, or one power of them."""
    gap = one - other
    if gap == 0 or residual(gap) == 0:
        return True
    one, other = sp.expand_power_base(one), sp.expand_power_base(other)
    powers = {sp.S.One, *(power.exp for power in one.atoms(sp.Pow) if power.exp.is_Symbol and power.exp.is_integer)}
    return any(
        residual(sp.expand_power_base(known.lhs**power) - one) == 0
        and residual(sp.expand_power_base(known.rhs**power) - other) == 0
        for known in used
        if not known.is_sign
        for power in powers
    )


def linearity(step: Step, _: Context) -> None:
    """The integrand times the density on the left is the sum of those on the right."""
    if not isinstance(step.lhs, nodes.Expect):
        raise RejectedError("the left side is no Gaussian expectation")
    names = [sp.Dummy(real=True) for _ in step.lhs.bound]
    parts = []
    for term in sp.Add.make_args(sp.expand(step.rhs)):
        factor, inner = term.as_independent(nodes.Expect, as_Add=False)
        if not isinstance(inner, nodes.Expect) or len(inner.bound) != len(names):
            raise RejectedError("the right side is no sum of multiples of expectations")
        parts.append((factor, inner))
    if all(inner.args[2] == step.lhs.args[2] for _, inner in parts):
        total = sp.Add(*(factor * _at(inner, names) for factor, inner in parts))
        vanishes(_at(step.lhs, names) - total, "the difference of the integrands")
    else:
        total = sp.Add(*(factor * _weighted(inner, names) for factor, inner in parts))
        vanishes(_weighted(step.lhs, names) - total, "the difference of the integrands, with their densities,")


def _at(node: nodes.Expect, names: list[sp.Symbol]) -> sp.Expr:
    return node.args[0].subs(dict(zip(node.bound, names, strict=True)), simultaneous=True)


def independence(step: Step, context: Context) -> None:
    """E f(u) g(v) = E f(u) E g(v) for u and v without covariance, both means being known."""
    node = step.lhs
    if not isinstance(node, nodes.Expect) or len(node.bound) != 2 or node.args[2][0, 1] != 0:
        raise RejectedError("the left side is no expectation over two variables without covariance")
    u, v = node.bound
    constant, rest = node.args[0].as_independent(u, v, as_Add=False)
    of_u, of_v = rest.as_independent(v, as_Add=False)
    if of_v.has(u):
        raise RejectedError("the integrand is no product of functions of one variable")
    single = [
        nodes.Expect(f, sp.Tuple(name), sp.ImmutableDenseMatrix([[node.args[2][k, k]]]))
        for k, (f, name) in enumerate(((of_u, u), (of_v, v)))
    ]
    means = [[value for used in _plain(context.used(step)) for value in _mean(expect, used.step)] for expect in single]
    for one, other in product(*means):
        if residual(constant * one * other - step.rhs) == 0:
            return
    raise RejectedError("the right side is not the product of the means it uses")


def _mean(node: nodes.Expect, known: Step) -> Iterator[sp.Expr]:
    """The value that a known mean gives to an expectation over one variable, a factor apart."""
    if not isinstance(known.lhs, nodes.Expect) or len(known.lhs.bound) != 1:
        return
    general = known.lhs.renamed({known.lhs.bound[0]: node.bound[0]})
    values = _values(general.args[2][0, 0], node.args[2][0, 0]) or {}
    ratio = residual(node.args[0] / general.args[0].subs(values, simultaneous=True))
    if ratio is not sp.nan and not ratio.has(node.bound[0]):
        yield ratio * known.rhs.subs(values, simultaneous=True)


def gaussian_integral(step: Step, _: Context) -> Conditions:
    """E of a polynomial times an exponential of a quadratic form, by completing the square and differentiating.

    Where the covariance is a symbol, it holds for pairs that are not degenerate.
    """
    node = step.lhs
    if not isinstance(node, nodes.Expect):
        raise RejectedError("the left side is no Gaussian expectation")
    names = [sp.Dummy(real=True) for _ in node.bound]
    integrand = sp.expand(_at(node, names).rewrite(sp.exp), power_exp=False)
    conditions, inside = _nondegenerate(node.args[2])
    terms = map(sp.powsimp, sp.Add.make_args(integrand))
    total = sp.Add(*(_gaussian_mean(term, names, node.args[2], inside) for term in terms))
    vanishes(total - step.rhs, "the integral less the right side")
    return conditions


def _nondegenerate(law: sp.ImmutableDenseMatrix) -> tuple[Conditions, dict[sp.Symbol, sp.Expr]]:
    """-√(ab) < c < √(ab) for a covariance c that is a symbol, and its values there."""
    if law.shape != (2, 2) or not isinstance(law[0, 1], sp.Symbol):
        return frozenset(), {}
    most, q = sp.sqrt(law[0, 0]) * sp.sqrt(law[1, 1]), sp.Dummy(positive=True)
    return frozenset({Condition(law[0, 1], -most, most, True, True)}), {law[0, 1]: most * (q - 1) / (q + 1)}


def _gaussian_mean(
    term: sp.Expr, names: list[sp.Symbol], law: sp.ImmutableDenseMatrix, inside: dict[sp.Symbol, sp.Expr]
) -> sp.Expr:
    exponent = sp.expand(sp.Add(*(f.args[0] for f in sp.Mul.make_args(term) if isinstance(f, sp.exp))))
    factor = sp.Mul(*(f for f in sp.Mul.make_args(term) if not isinstance(f, sp.exp)))
    if not exponent.is_polynomial(*names) or not factor.is_polynomial(*names):
        raise RejectedError("the integrand is no polynomial times an exponential of one")
    form, polynomial = sp.Poly(exponent, *names), sp.Poly(factor, *names)
    if form.total_degree() > 2:
        raise RejectedError("an exponent is not quadratic")
    square = sp.hessian(exponent, names)
    linear = sp.Matrix([sp.diff(exponent, name).subs(dict.fromkeys(names, 0)) for name in names])
    constant = exponent.subs(dict.fromkeys(names, 0))
    matrix = law.inv() - square  # E exp(½xᵀQx + bᵀx) = det(C(C⁻¹ - Q))^(-1/2) exp(½bᵀ(C⁻¹ - Q)⁻¹b)
    minors = [sp.factor(sp.together(matrix[:k, :k].det().subs(inside))) for k in range(1, len(names) + 1)]
    if not all(minor.is_positive for minor in minors):
        raise RejectedError("the quadratic form is not known to be positive definite", minors[-1])
    shifts = sp.Matrix([sp.Dummy(real=True) for _ in names])
    inverse = matrix.inv()
    generating = sp.exp(((linear + shifts).T * inverse * (linear + shifts))[0, 0] / 2)
    generating *= sp.exp(constant) / sp.sqrt(sp.factor((law * matrix).det()))
    total = sp.S.Zero
    for powers, number in polynomial.terms():
        derived = generating
        for shift, power in zip(shifts, powers, strict=True):
            derived = sp.diff(derived, shift, power) if power else derived
        total += number * derived
    return total.subs(dict.fromkeys(shifts, 0))
