"""Builders of steps: each states an equation, has a machine reduce what is left of it, and records the residual.

A builder never raises because a statement is false: the step it returns is simply not closed. What cannot be
checked by reduction enters by name only, through `by_lemma`, from the short list `LEMMAS`. All that a check used is
recorded in `Step.data` as SymPy objects, so that it can be repeated from a file by code that shares nothing with this.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, TypeAlias

import sympy as sp

from derivations.calculus import definite_integral, derivative, heat_equation, integrands, limit, unique_solution
from derivations.chain import Rule, Step, record
from derivations.definitions import Definitions, Meaning, define, put_in, replace_every
from derivations.expressions import Expect
from derivations.flows import unfolded
from derivations.inequalities import (
    absolute_value,
    floor_value,
    inequality,
    monotone,
    nonnegative,
    nonnegative_integral,
    square_root,
)
from derivations.lemmas import LEMMAS
from derivations.normal_form import normal_form
from derivations.peel import peel
from derivations.sums import Orthogonal, flatten

__all__ = [
    "Definitions",
    "Meaning",
    "absolute_value",
    "by_lemma",
    "cases",
    "consequence",
    "define",
    "definite_integral",
    "derivative",
    "exhausted",
    "finite_sums",
    "floor_value",
    "heat_equation",
    "identity",
    "induction",
    "inequality",
    "instance",
    "integrands",
    "limit",
    "monotone",
    "nonnegative",
    "nonnegative_integral",
    "peeled",
    "square_root",
    "unique_solution",
]

Variables: TypeAlias = sp.Symbol | Sequence[sp.Symbol]


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
    """`lhs = rhs` by reduction to the normal form, modulo expressions known to vanish.

    Each of these is a definition or a value of the domain moved to one side, or the difference of the sides of a step
    in `uses`; a replay looks it up there.
    """
    modulo = tuple(modulo)
    residual = normal_form(define(lhs - rhs, meaning), modulo)
    data: dict[str, Any] = {"modulo": modulo, "meaning": dict(meaning or {})}
    return record("identity", label, Rule.IDENTITY, text, (lhs, rhs), residual, uses=uses, lemma=lemma, **data)


def consequence(
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    of: Sequence[Step],
    *,
    definitions: Definitions = (),
) -> Step:
    """`lhs = rhs` once the closed steps `of` are used, in their order, to replace their left sides by their right.

    `definitions` of the statement are put in first.
    """
    difference = put_in(lhs, definitions) - put_in(rhs, definitions)
    uses = tuple(step.id for step in of)
    residual = normal_form(_using(of, difference))
    data: dict[str, Any] = {"of": uses, "definitions": tuple(definitions)}
    return record("consequence", label, Rule.IDENTITY, text, (lhs, rhs), residual, uses=uses, **data)


def instance(  # noqa: PLR0917 - as the other builders, with the step and the values
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    of: Step,
    at: Mapping[sp.Symbol, sp.Expr],
    *,
    running: Mapping[sp.Symbol, sp.Expr] | None = None,
) -> Step:
    """`lhs = rhs`, or `lhs >= 0`, as the step `of` with its symbols given the values `at`.

    Two Gaussian expectations are the same if their covariances agree in the normal form, and their integrands but for
    the names of the variables. `running`, as in `definite_integral`, is for values that are real on a range only.
    """
    general, value = (side.subs(at, simultaneous=True) for side in (of.lhs, of.rhs))
    differences = [value - rhs]
    if isinstance(general, Expect) and isinstance(lhs, Expect) and len(general.variables) == len(lhs.variables):
        names = dict(zip(general.variables, lhs.variables, strict=True))
        differences += [general.integrand.subs(names, simultaneous=True) - lhs.integrand]
        differences += list(lhs.covariance - general.covariance)
    else:
        differences += [general - lhs]
    residual = next((left for d in differences if (left := normal_form(d)) != 0), sp.S.Zero)
    residual = residual if of.closed else of.residual
    rule = Rule.SIGN if of.rule is Rule.SIGN else Rule.IDENTITY
    return record(
        "instance",
        label,
        rule,
        text,
        (lhs, rhs),
        residual,
        uses=(of.id,),
        of=(of.id,),
        at=dict(at),
        running=dict(running or {}),
    )


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
    names = tuple(variables) if isinstance(variables, Sequence) else (variables,)
    if any(not name.is_extended_real for name in names):
        raise ValueError(f"the sign cases are exhaustive for real variables only: {names}")
    residual = sp.S.Zero
    for values in product(*(_sign_cases(name, almost_everywhere) for name in names)):
        at = dict(zip(names, values, strict=True))
        residual = normal_form(lhs.subs(at, simultaneous=True) - rhs.subs(at, simultaneous=True))
        if residual != 0:
            break
    lemma = "null set" if almost_everywhere else None
    data: dict[str, Any] = {"variables": names, "almost_everywhere": almost_everywhere}
    return record("cases", label, Rule.CASES, text, (lhs, rhs), residual, uses=uses, lemma=lemma, **data)


def exhausted(  # noqa: PLR0917 - as the other builders, with the points and a step for each
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    names: Sequence[sp.Symbol],
    points: Sequence[tuple[sp.Expr, ...]],
    of: Sequence[Step],
    *,
    definitions: Definitions = (),
) -> Step:
    """`lhs = rhs` at each of finitely many points, the values of `names`: for each, one of the steps `of` says so.

    A replay looks up in the domain that these are all the points there are.
    """
    lhs_in, rhs_in = put_in(lhs, definitions), put_in(rhs, definitions)
    residual = sp.S.Zero
    for point, step in zip(points, of, strict=True):
        at = dict(zip(names, point, strict=True))
        ends = tuple(side.subs(at, simultaneous=True) for side in (lhs_in, rhs_in))
        if ends != (step.lhs, step.rhs) or not step.closed:
            residual = step.residual if not step.closed else lhs - rhs
            break
    uses = tuple(step.id for step in of)
    data: dict[str, Any] = {
        "of": uses,
        "variables": tuple(names),
        "points": tuple(points),
        "definitions": tuple(definitions),
    }
    return record("exhausted", label, Rule.CASES, text, (lhs, rhs), residual, uses=uses, **data)


def finite_sums(
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    *,
    uses: Sequence[str] = (),
    ranges: Mapping[sp.Symbol, tuple[sp.Expr, sp.Expr]] | None = None,
    orthogonal: Orthogonal | None = None,
    definitions: Definitions = (),
    of: Sequence[Step] = (),
    every: Sequence[sp.Symbol] = (),
    lemma: str | None = None,
) -> Step:
    """`lhs = rhs` by the rules of finite sums (see `derivations.sums`), for every number of terms.

    `ranges` gives the ranges of free indices; `orthogonal` names a matrix that is orthogonal by hypothesis;
    `definitions` are put in first. Once derivatives are carried out, the derivatives and starts of linear flows are
    replaced by what their differential equations say, and the left sides of the closed steps `of` by their right,
    whatever values the symbols `every` take where they are arguments of such a left side.
    """
    try:
        residual = put_in(_using(of, lhs - rhs, every), definitions)
        residual = flatten(_using(of, residual, every), ranges, orthogonal)
        flat = [replace(step, lhs=flatten(step.lhs, ranges, orthogonal)) for step in of]
        residual = _using(flat, residual, every)
        residual = normal_form(flatten(unfolded(residual), ranges, orthogonal))
    except ValueError:
        residual = lhs - rhs
    rule = Rule.DERIVATIVE if isinstance(lhs, sp.Derivative) else Rule.IDENTITY
    used = tuple(step.id for step in of)
    uses = (*uses, *(name for name in used if name not in uses))
    data: dict[str, Any] = {
        "ranges": dict(ranges or {}),
        "orthogonal": (orthogonal.base, orthogonal.size) if orthogonal else (),
        "definitions": tuple(definitions),
        "of": used,
        "every": tuple(every),
    }
    return record("finite_sums", label, rule, text, (lhs, rhs), residual, uses=uses, lemma=lemma, **data)


def peeled(label: str, text: str, lhs: sp.Expr, rhs: sp.Expr, *, definitions: Definitions = ()) -> Step:
    """`lhs = rhs` once last terms are split off on both sides (see `derivations.peel`) and definitions put in."""
    difference = put_in(peel(lhs), definitions) - put_in(peel(rhs), definitions)
    data: dict[str, Any] = {"definitions": tuple(definitions)}
    return record("peeled", label, Rule.IDENTITY, text, (lhs, rhs), normal_form(difference), **data)


def by_lemma(label: str, text: str, lhs: sp.Expr, rhs: sp.Expr, lemma: str, *, uses: Sequence[str] = ()) -> Step:
    """`lhs = rhs` on the strength of a named lemma. Raises ValueError for a lemma that is not in `LEMMAS`."""
    if lemma not in LEMMAS:
        raise ValueError(f"no lemma is called {lemma!r}; the trust base is {sorted(LEMMAS)}")
    return record("by_lemma", label, Rule.LEMMA, text, (lhs, rhs), sp.S.Zero, uses=uses, lemma=lemma)


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
    residuals = (
        normal_form(peel(first[0]) - peel(first[1])),
        normal_form(_using(of, peel(following[0]).xreplace({lhs: rhs}) - peel(following[1]))),
    )
    rule = Rule.INDUCTION
    one, two = f"{text} The first case.", f"{text} From one case to the next."
    hypothesis = {"index": index, "hypothesis": (lhs, rhs), "of": uses}
    parts = (
        record("induction_first", f"{label}-first", rule, one, first, residuals[0], uses=uses, index=index),
        record("induction_next", f"{label}-next", rule, two, following, residuals[1], uses=uses, **hypothesis),
    )
    residual = next((part.residual for part in parts if not part.closed), sp.S.Zero)
    halves = [part.id for part in parts]
    return (*parts, record("induction", label, rule, text, (lhs, rhs), residual, uses=halves, index=index))


def _using(of: Sequence[Step], expr: sp.Expr, every: Sequence[sp.Symbol] = ()) -> sp.Expr:
    """Replace the left side of every closed step by its right side, in their order."""
    for step in of:
        expr = replace_every(expr, step.lhs, step.rhs, every) if step.closed else expr
    return expr


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
