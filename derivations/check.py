"""Builders of steps: each states an equation, has a machine reduce what is left of it, and records the residual.

A builder never raises because a statement is false: the step it returns is simply not closed. What cannot be
checked by reduction enters by name only, through `by_lemma`, from the short list `LEMMAS`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import TypeAlias

import sympy as sp

from derivations.chain import Rule, Step
from derivations.lemmas import LEMMAS
from derivations.normal_form import normal_form
from derivations.peel import peel
from derivations.regularity import first_irregular
from derivations.sums import Orthogonal, flatten

Variables: TypeAlias = sp.Symbol | Sequence[sp.Symbol]
Meaning: TypeAlias = Mapping[type[sp.Function], sp.Lambda]
"""What the function names in a step stand for: put in before anything is reduced, so that a step stays readable."""


def define(expr: sp.Expr, meaning: Meaning | None) -> sp.Expr:
    """Put in what the function names stand for, and carry out the derivatives of what came in."""
    for name, formula in (meaning or {}).items():
        expr = expr.replace(name, formula)
    return expr.replace(sp.Derivative, lambda *args: sp.Derivative(*args).doit(deep=False)) if meaning else expr


def identity(
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    *,
    uses: Sequence[str] = (),
    lemma: str | None = None,
    modulo: Iterable[sp.Expr] = (),
    meaning: Meaning | None = None,
) -> Step:
    """`lhs = rhs` by reduction to the normal form, modulo expressions known to vanish (say in `text` why they do)."""
    residual = normal_form(define(lhs - rhs, meaning), modulo)
    return _step(label, Rule.IDENTITY, text, (lhs, rhs), residual, uses=uses, lemma=lemma)


def consequence(
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    of: Sequence[Step],
    *,
    expand: Callable[[sp.Expr], sp.Expr] | None = None,
) -> Step:
    """`lhs = rhs` once the closed steps `of` are used, in their order, to replace their left sides by their right.

    `expand` puts in the definitions of a statement first.
    """
    difference = expand(lhs) - expand(rhs) if expand else lhs - rhs
    uses = [step.id for step in of]
    return _step(label, Rule.IDENTITY, text, (lhs, rhs), normal_form(_using(of, difference)), uses=uses)


def derivative(
    label: str,
    text: str,
    expr: sp.Expr,
    variables: Variables,
    rhs: sp.Expr,
    *,
    uses: Sequence[str] = (),
    meaning: Meaning | None = None,
) -> Step:
    """`∂expr = rhs`, differentiated once in each of `variables`."""
    lhs = sp.Derivative(expr, *_names(variables), evaluate=False)
    residual = normal_form(define(sp.Derivative(expr, *_names(variables)) - rhs, meaning))
    return _step(label, Rule.DERIVATIVE, text, (lhs, rhs), residual, uses=uses)


def definite_integral(
    label: str,
    text: str,
    integral: sp.Integral,
    antiderivative: sp.Expr,
    value: sp.Expr,
    *,
    uses: Sequence[str] = (),
    running: Mapping[sp.Symbol, sp.Expr] | None = None,
    meaning: Meaning | None = None,
) -> Step:
    """`integral = value` by the fundamental theorem of calculus, with the antiderivative supplied.

    Checked in this order, the first failure being the residual: the antiderivative has the integrand as its
    derivative; both are smooth strictly between the ends (every denominator, root, logarithm and arc function is
    looked at, other functions than the elementary ones are refused); the values, or limits, at the ends differ by
    `value`. `running` writes symbols of a bounded range by positive parameters, ρ = (q - 1)/(q + 1) for -1 < ρ < 1.
    """
    ((variable, lower, upper),) = integral.limits
    integrand, primitive = define(integral.function, meaning), define(antiderivative, meaning)
    residual = normal_form(sp.diff(primitive, variable) - integrand)
    if residual == 0:
        residual = first_irregular((integrand, primitive), (variable, lower, upper), running)
    if residual == 0:
        ends = _at_end(primitive, variable, upper, "-") - _at_end(primitive, variable, lower, "+")
        residual = normal_form(ends - define(value, meaning))
    return _step(label, Rule.INTEGRAL, text, (integral, value), residual, uses=uses)


def integrands(
    label: str,
    text: str,
    lhs: sp.Integral,
    rhs: sp.Integral,
    *,
    uses: Sequence[str] = (),
    meaning: Meaning | None = None,
) -> Step:
    """`lhs = rhs` for two integrals over the same region, since their integrands agree; otherwise it is not closed."""
    difference = define(lhs.function - rhs.function, meaning)
    residual = normal_form(difference) if lhs.limits == rhs.limits else lhs - rhs
    return _step(label, Rule.IDENTITY, text, (lhs, rhs), residual, uses=uses)


def cases(
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    variables: Variables,
    *,
    uses: Sequence[str] = (),
    almost_everywhere: bool = False,
) -> Step:
    """`lhs = rhs` for all real values of `variables`, by the exhaustive cases p, -p, 0 of each (p positive).

    With `almost_everywhere` the case 0 is left out, on the strength of the lemma "null set".
    Raises ValueError if a variable may be something other than a real number.
    """
    names = _names(variables)
    if any(not name.is_extended_real for name in names):
        raise ValueError(f"the sign cases are exhaustive for real variables only: {names}")
    residual = sp.S.Zero
    for values in product(*(_sign_cases(name, almost_everywhere) for name in names)):
        at = dict(zip(names, values, strict=True))
        residual = normal_form(lhs.subs(at, simultaneous=True) - rhs.subs(at, simultaneous=True))
        if residual != 0:
            break
    lemma = "null set" if almost_everywhere else None
    return _step(label, Rule.CASES, text, (lhs, rhs), residual, uses=uses, lemma=lemma)


def finite_sums(
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    *,
    uses: Sequence[str] = (),
    ranges: Mapping[sp.Symbol, tuple[sp.Expr, sp.Expr]] | None = None,
    orthogonal: Orthogonal | None = None,
    expand: Callable[[sp.Expr], sp.Expr] | None = None,
    rewrite: Callable[[sp.Expr], sp.Expr] | None = None,
) -> Step:
    """`lhs = rhs` by the rules of finite sums (see `derivations.sums`), for every number of terms.

    `ranges` gives the ranges of free indices; `orthogonal` names a matrix that is orthogonal by hypothesis; `expand`
    puts in definitions first; `rewrite` puts in an equation that another step has closed, once derivatives are
    carried out.
    """
    try:
        difference = lhs - rhs
        residual = flatten(expand(difference) if expand else difference, ranges, orthogonal)
        if rewrite is not None:
            residual = flatten(rewrite(residual), ranges, orthogonal)
        residual = normal_form(residual)
    except ValueError:
        residual = lhs - rhs
    rule = Rule.DERIVATIVE if isinstance(lhs, sp.Derivative) else Rule.IDENTITY
    return _step(label, rule, text, (lhs, rhs), residual, uses=uses)


def nonnegative(
    label: str,
    text: str,
    expr: sp.Expr,
    *,
    uses: Sequence[str] = (),
    given: Iterable[sp.Expr] = (),
    running: Mapping[sp.Expr, sp.Expr] | None = None,
    lemma: str | None = None,
) -> Step:
    """`expr >= 0` on the strength of the assumptions its symbols carry; parts that occur in `given` count as >= 0.

    The parts given are hypotheses of the statement or established by the steps in `uses`; say in `text` which.
    `running` writes parts by nonnegative parameters that run over their whole range, n = 1 + q for an integer n >= 1.
    """
    known = expr.xreplace({part: sp.Dummy(nonnegative=True) for part in given}).subs(running or {})
    known = known.xreplace({e: sp.Dummy(positive=True) for e in known.atoms(sp.exp) if e.is_positive})
    established = any(form.is_nonnegative for form in (known, sp.expand(known), sp.factor(sp.together(known))))
    residual = sp.S.Zero if established else expr
    return _step(label, Rule.SIGN, text, (expr, sp.S.Zero), residual, uses=uses, lemma=lemma)


def limit(label: str, text: str, expr: sp.Limit, value: sp.Expr, *, uses: Sequence[str] = ()) -> Step:
    """`expr = value` for an unevaluated limit, which SymPy's `limit` evaluates."""
    return _step(label, Rule.LIMIT, text, (expr, value), normal_form(_evaluate(expr) - value), uses=uses)


def by_lemma(label: str, text: str, lhs: sp.Expr, rhs: sp.Expr, lemma: str, *, uses: Sequence[str] = ()) -> Step:
    """`lhs = rhs` on the strength of a named lemma. Raises ValueError for a lemma that is not in `LEMMAS`."""
    if lemma not in LEMMAS:
        raise ValueError(f"no lemma is called {lemma!r}; the trust base is {sorted(LEMMAS)}")
    return _step(label, Rule.LEMMA, text, (lhs, rhs), sp.S.Zero, uses=uses, lemma=lemma)


def induction(
    label: str, text: str, lhs: sp.Expr, rhs: sp.Expr, index: sp.Symbol, *, of: Sequence[Step] = ()
) -> tuple[Step, Step, Step]:
    """`lhs = rhs` for every integer `index >= 0`: the case 0, the step from `index` to `index + 1`, and the whole.

    Sums, products and recursions up to `index + 1` are peeled (see `derivations.peel`); then `lhs` at `index` is
    replaced by `rhs` at `index`, the induction hypothesis, and the closed steps `of` are used as in `consequence`.
    Raises ValueError unless `index` is a symbol for nonnegative integers.
    """
    if not (index.is_integer and index.is_nonnegative):
        raise ValueError(f"induction needs a nonnegative integer symbol, not {index!r}")
    first = lhs.subs(index, 0), rhs.subs(index, 0)
    following = lhs.subs(index, index + 1), rhs.subs(index, index + 1)
    uses = tuple(step.id for step in of)
    parts = (
        _step(
            f"{label}-first",
            Rule.INDUCTION,
            f"{text} The first case.",
            first,
            normal_form(peel(first[0]) - peel(first[1])),
            uses=uses,
        ),
        _step(
            f"{label}-next",
            Rule.INDUCTION,
            f"{text} From one case to the next.",
            following,
            normal_form(_using(of, peel(following[0]).xreplace({lhs: rhs}) - peel(following[1]))),
            uses=uses,
        ),
    )
    residual = next((part.residual for part in parts if not part.closed), sp.S.Zero)
    whole = _step(label, Rule.INDUCTION, text, (lhs, rhs), residual, uses=[part.id for part in parts])
    return (*parts, whole)


def _using(of: Sequence[Step], expr: sp.Expr) -> sp.Expr:
    """Replace the left side of every closed step by its right side, in their order."""
    for step in of:
        expr = expr.xreplace({step.lhs: step.rhs}) if step.closed else expr
    return expr


def _step(
    label: str,
    rule: Rule,
    text: str,
    sides: tuple[sp.Expr, sp.Expr],
    residual: sp.Expr,
    *,
    uses: Sequence[str],
    lemma: str | None = None,
) -> Step:
    lhs, rhs = sides
    return Step(id=label, rule=rule, text=text, lhs=lhs, rhs=rhs, residual=residual, uses=tuple(uses), lemma=lemma)


def _names(variables: Variables) -> tuple[sp.Symbol, ...]:
    return tuple(variables) if isinstance(variables, Sequence) else (variables,)


def _sign_cases(name: sp.Symbol, almost_everywhere: bool) -> list[sp.Expr]:
    p = sp.Symbol(name.name, positive=True)
    found: list[sp.Expr] = []
    if name.is_positive is not False:
        found.append(p)
    if name.is_negative is not False:
        found.append(-p)
    if name.is_zero is not False and not almost_everywhere:
        found.append(sp.S.Zero)
    return found


def _evaluate(expr: sp.Limit) -> sp.Expr:
    try:
        return expr.doit()
    except (NotImplementedError, ValueError):
        return expr


def _at_end(expr: sp.Expr, variable: sp.Symbol, end: sp.Expr, direction: str) -> sp.Expr:
    if end.is_finite:
        value = expr.subs(variable, end)
        if not value.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
            return value
    return _evaluate(sp.Limit(expr, variable, end, direction))
