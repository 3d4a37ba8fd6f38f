"""The softmax: its Jacobian, which turns changes of the logits into changes of the predicted probabilities."""

import sympy as sp

from derivations import sum_identities
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

K = sp.Symbol("K", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
z, u, v = (sp.IndexedBase(name, real=True) for name in "zuv")
p = sp.IndexedBase("p", nonnegative=True)
q = sp.Function("q", real=True)

_WHERE = ((q(i, z), sp.exp(z[i]) / sp.Sum(sp.exp(z[k]), (k, 1, K))),)
_CLASSES = ((K, sp.S.Naturals), (z[k], sp.S.Reals))
_DOMAIN = (*_CLASSES, (i, sp.Range(1, K + 1)), (j, sp.Range(1, K + 1)))
_JACOBIAN = sp.Derivative(q(i, z), z[j])
_OFF_DIAGONAL = q(i, z) * q(j, z)

_ENTRY = sp.KroneckerDelta(i, j) * p[i] - p[i] * p[j]
_FORM = sp.Sum(v[i] * _ENTRY * v[j], (i, 1, K), (j, 1, K))
_MEAN = sp.Sum(p[k] * v[k], (k, 1, K))
_SPREAD = sp.Sum(p[i] * (v[i] - _MEAN) ** 2, (i, 1, K))
_LEFT = 1 - sp.Sum(p[k], (k, 1, K))
_ANY_WEIGHTS = ((K, sp.S.Naturals), (p[k], sp.Interval(0, sp.oo)), (v[k], sp.S.Reals))
_MASS = (sp.Sum(p[k], (k, 1, K)), sp.Interval(0, 1))


def _paired(one: sp.IndexedBase, other: sp.IndexedBase) -> sp.Expr:
    return sp.Sum(one[i] * _JACOBIAN * other[j], (i, 1, K), (j, 1, K))


def _point(logits: tuple[object, ...], place: tuple[int, int]) -> Point:
    return {K: len(logits), z: family(*map(sp.Rational, logits)), i: place[0], j: place[1]}


def _vector(weights: tuple[object, ...], values: tuple[object, ...]) -> Point:
    return {K: len(weights), p: family(*map(sp.Rational, weights)), v: family(*map(sp.Rational, values))}


_LOGITS = (("1/2", "-1", "2"), ("0", "0", "0", "1/3"), ("5", "-5"))
_ENTRIES: tuple[Point, ...] = tuple(
    _point(logits, place) for logits in _LOGITS for place in ((1, 1), (1, 2), (2, 1), (len(logits), len(logits)))
)
_VECTORS: tuple[Point, ...] = (
    _vector(("1/2", "1/3", "1/6"), ("1", "-2", "1/2")),
    _vector(("1/2", "1/3", "1/6"), ("1", "1", "1")),
    _vector(("1", "0"), ("3", "-7")),
    _vector(("2", "1"), ("1", "1")),
    _vector(("1/10", "2/10", "3/10", "4/10"), ("5", "0", "0", "1/9")),
)
"""Probabilities; those that add up to 3 are outside the domain, of use where a mutant enlarges it."""


_PAIRS: tuple[Point, ...] = tuple(
    {**_point(logits, (1, 1)), u: family(*range(1, len(logits) + 1)), v: family(*(1, -1, 2, 0)[: len(logits)])}
    for logits in _LOGITS
)


def _routes(derive: Derivation, points: tuple[Point, ...]) -> tuple[Derivation, Certificate]:
    return derive, Certificate(name="balls at small numbers of classes", points=points)


_BY_SUMS = Derivation(name="differentiation", derive=sum_identities.by_rules, spots=_ENTRIES[:6])

DS_PROP1_A = Claim(
    id="ds-prop1-A",
    title="The Jacobian of the softmax is symmetric and positive semidefinite, and annihilates the constants",
    source=Source(
        document=Document.DS,
        where="'Understanding learning dynamics', Proposition 1",
        printed='$bold(q)^t (bold(x)) = "Softmax"(bold(z)^t (bold(x)))$ the probabilities […] where '
        "$cal(A)^t (bold(x)_o) = nabla_bold(z) bold(q)^t (bold(x)_o)$ and […] are $K times K$ matrices.",
    ),
    hypotheses=(
        "$q_i = e^(z_i) \\/ sum_(k=1)^K e^(z_k)$; $cal(A)_(i j) = partial q_i \\/ partial z_j$.",
        'The last form is about $op("diag")(bold(p)) - bold(p) bold(p)^top$ for any $p_i >= 0$ that add up to 1 or '
        "less, so also for $bold(p) = bold(q)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark='$cal(A) = op("diag")(bold(q)) - bold(q) bold(q)^top$: the definition carried out.',
            statement=Identity(
                lhs=_JACOBIAN,
                rhs=sp.KroneckerDelta(i, j) * q(i, z) - _OFF_DIAGONAL,
                where=_WHERE,
                domain=_DOMAIN,
            ),
            routes=_routes(_BY_SUMS, _ENTRIES),
            mutants=(
                Mutant(
                    name="diag(q) alone",
                    why_false="It leaves out that the probabilities of the other classes fall.",
                    change={"rhs": sp.KroneckerDelta(i, j) * q(i, z)},
                ),
                Mutant(
                    name="with the opposite sign off the diagonal",
                    why_false="$partial q_i \\/ partial z_j < 0$ for $i != j$.",
                    change={"rhs": sp.KroneckerDelta(i, j) * q(i, z) + _OFF_DIAGONAL},
                ),
                Mutant(
                    name="the derivative of a sigmoid in every entry",
                    why_false="$q_i (1 - q_i)$ is the diagonal; off it the entry is negative.",
                    change={"rhs": q(i, z) - q(i, z) ** 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It is symmetric: $bold(u)^top cal(A) bold(v) = bold(v)^top cal(A) bold(u)$.",
            statement=Identity(
                lhs=_paired(u, v),
                rhs=_paired(v, u),
                where=_WHERE,
                domain=(*_CLASSES, (u[k], sp.S.Reals), (v[k], sp.S.Reals)),
            ),
            routes=_routes(Derivation(name="differentiation", derive=sum_identities.by_rules, spots=_PAIRS), _PAIRS),
            mutants=(
                Mutant(
                    name="antisymmetric",
                    why_false="Then $bold(u)^top cal(A) bold(u)$ would vanish, which is a variance.",
                    change={"rhs": -_paired(v, u)},
                ),
                Mutant(
                    name="orthogonal arguments give zero",
                    why_false="$cal(A)$ is no multiple of the identity.",
                    change={"rhs": sp.S.Zero},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="$cal(A) bold(1) = 0$: a constant added to all logits changes nothing.",
            statement=Identity(
                lhs=sp.Sum(_JACOBIAN, (j, 1, K)), rhs=sp.S.Zero, where=_WHERE, domain=(*_CLASSES, _DOMAIN[2])
            ),
            routes=_routes(_BY_SUMS, _ENTRIES),
            mutants=(
                Mutant(
                    name="as for diag(q)",
                    why_false='The row sums of $op("diag")(bold(q))$ are $q_i > 0$.',
                    change={"rhs": q(i, z)},
                ),
                Mutant(
                    name="as if the probabilities were not normalised",
                    why_false="The numerators alone have the derivatives $delta_(i j) e^(z_i)$, with positive row "
                    "sums.",
                    change={"where": ((q(i, z), sp.exp(z[i])),)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It is positive semidefinite.",
            statement=Inequality(lhs=sp.S.Zero, rhs=_FORM, domain=(*_ANY_WEIGHTS, _MASS)),
            routes=_routes(
                Derivation(
                    name="a variance",
                    derive=by_parts(
                        Part("Squares with weights that are not negative.", _SPREAD),
                        Part("The weights add up to no more than 1.", _LEFT * _MEAN**2, given=(_LEFT,)),
                    ),
                    spots=_VECTORS,
                ),
                _VECTORS,
            ),
            mutants=(
                Mutant(
                    name="negative semidefinite",
                    why_false="The form is the variance of $bold(v)$ under $bold(p)$, positive unless $bold(v)$ is "
                    "constant.",
                    change={"rhs": -_FORM},
                ),
                Mutant(
                    name="positive definite",
                    why_false="For constant $bold(v)$ the form vanishes.",
                    change={"lhs": sp.Sum(p[i] * v[i] ** 2, (i, 1, K)) / 10**6},
                ),
                Mutant(
                    name="for weights with a greater sum",
                    why_false="For constant $bold(v) = bold(1)$ the form is $s - s^2 < 0$ if the weights add up to $s "
                    "> 1$.",
                    change={"domain": _ANY_WEIGHTS},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The slide only defines $cal(A)$. What is proved of it is what Proposition 1 is used for: a step moves the "
    "probabilities within the simplex, and never against the move of the logits.",
)

CLAIMS = (DS_PROP1_A,)
