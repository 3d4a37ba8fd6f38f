"""Eigenvalues that decrease with the degree, on the cube: what they say about where the variance is, and what not."""

import sympy as sp

from derivations.kernel_spectra import KernelEigenvalue
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import family
from verify.statement import Inequality
from verify.verdict import Verdict

d, i, k = sp.symbols("d i k", integer=True, nonnegative=True)
m, n = sp.symbols("m n", integer=True, positive=True)
level = sp.Symbol("lambda", nonnegative=True)
w, v = (sp.IndexedBase(name, positive=True) for name in ("w", "v"))
above, below = (sp.IndexedBase(name, nonnegative=True) for name in ("a", "b"))

_POSITIVE, _NONNEGATIVE = sp.Interval.open(0, sp.oo), sp.Interval(0, sp.oo)


_LOW_VARIANCE = sp.Sum(w[i] * (level + above[i]), (i, 1, m))
_HIGH_VARIANCE = sp.Sum(v[i] * (level - below[i]), (i, 1, n))
_LOW_SIZE, _HIGH_SIZE = sp.Sum(w[i], (i, 1, m)), sp.Sum(v[i], (i, 1, n))


def _split(at: str, low: tuple[int, ...], high: tuple[int, ...], more: tuple[str, ...], less: tuple[str, ...]) -> Point:
    return {
        m: len(low),
        n: len(high),
        level: sp.Rational(at),
        w: family(*low),
        v: family(*high),
        above: family(*more),
        below: family(*less),
    }


_ORDERED = (
    _split("2", (1, 3), (3, 1), ("3", "1"), ("1/2", "1")),
    _split("1", (1,), (5, 10, 10, 5, 1), ("1/10",), ("1/10", "1/5", "1/2", "1/2", "3/4")),
    _split("1/2", (1, 4, 6), (4, 1), ("7", "1", "0"), ("1/4", "1/4")),
)
"""The cubes of dimension 3, 5 and 4; at the second, white noise nearly."""

_SETTING = (4, sp.Integer(4), sp.Integer(1))
_TEN = 10


def _deep(degree: sp.Expr) -> sp.Expr:
    return KernelEigenvalue("cube", "erf", "ntk", *_SETTING, d, degree)


def _over(body: sp.Expr, first: int = 0) -> sp.Sum:
    return sp.Sum(body, (i, first, d))


_AT_TEN = (d, sp.FiniteSet(_TEN))
_ALL = _over(sp.binomial(d, i) * _deep(i))
_COMPLEX = _over(sp.binomial(d, i) * _deep(i), 2)
_ONCE = _over(_deep(i), 2), _over(_deep(i))

IM_ORDER = Claim(
    id="im-claim-mu-order-simple",
    title="Eigenvalues that decrease with the degree: simpler than noise, and not necessarily simple",
    source=Source(
        document=Document.IM,
        where="section 3, on the Boolean cube",
        printed="if $mu_k$ is the eigenvalue for functions over k dimensions, then if $mu_k$ is larger for bigger k, "
        "then there is more complexity and if $mu_k$ is larger for smaller k, then there is more simplicity.",
    ),
    hypotheses=(
        "Each degree has an eigenspace, on the cube of $binom(d, i)$ dimensions, and the variance of a sample's part "
        "of this degree is this number times the eigenvalue. 'Simplicity' is variance at low degrees.",
        "'More' is read as: more than for white noise, all of whose eigenvalues are equal. First form: $m$ low degrees "
        "with $w_i$ dimensions and the eigenvalues $lambda + a_i$, $n$ high ones with $v_i$ dimensions and $lambda - "
        "b_i$, $a_i, b_i >= 0$. There is such a $lambda$ wherever eigenvalues decrease with the degree. With the signs "
        "of $a_i$ and $b_i$ reversed, the inequality is reversed.",
        "Second and third form: erf, 4 hidden layers, $sigma_w^2 = 4$, $sigma_b^2 = 1$, the NTK.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="What is true for every spectrum: the odds of low degrees against high ones are at least those of "
            "white noise.",
            statement=Inequality(
                lhs=_LOW_SIZE * _HIGH_VARIANCE,
                rhs=_HIGH_SIZE * _LOW_VARIANCE,
                domain=(
                    (m, sp.S.Naturals),
                    (n, sp.S.Naturals),
                    (level, _NONNEGATIVE),
                    (w[i], _POSITIVE),
                    (v[i], _POSITIVE),
                    (above[i], _NONNEGATIVE),
                    (below[i], _NONNEGATIVE),
                ),
            ),
            routes=(
                Derivation(
                    name="what is above the level and what is below",
                    derive=by_parts(
                        Part("Low degrees have more than the level.", _HIGH_SIZE * sp.Sum(w[i] * above[i], (i, 1, m))),
                        Part("High degrees have less.", _LOW_SIZE * sp.Sum(v[i] * below[i], (i, 1, n))),
                    ),
                    spots=_ORDERED[:2],
                ),
                Certificate(name="small spectra, exactly", points=_ORDERED),
            ),
            mutants=(
                Mutant(
                    name="most of the variance",
                    why_false="The eigenspaces of high degree may outweigh their small eigenvalues.",
                    change={"lhs": _HIGH_VARIANCE, "rhs": _LOW_VARIANCE},
                ),
                Mutant(
                    name="eigenvalues that increase",
                    why_false="Then high degrees have more than in white noise.",
                    change={
                        "lhs": _LOW_SIZE * sp.Sum(v[i] * (level + below[i]), (i, 1, n)),
                        "rhs": _HIGH_SIZE * level * _LOW_SIZE,
                    },
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="What it does not say. Here is a network whose eigenvalues decrease at every degree …",
            statement=Inequality(
                lhs=_deep(k + 1),
                rhs=_deep(k),
                domain=(_AT_TEN, (k, sp.FiniteSet(*range(_TEN)))),
            ),
            routes=(
                Certificate(
                    name="every degree",
                    points=tuple({d: _TEN, k: degree} for degree in range(_TEN)),
                    covers_domain=True,
                ),
            ),
            mutants=(
                Mutant(
                    name="by one half",
                    why_false="They decrease more slowly.",
                    change={"lhs": 2 * _deep(k + 1)},
                ),
                Mutant(
                    name="with the dimensions",
                    why_false="With the factor $binom(d, k)$ they increase at first.",
                    change={"lhs": sp.binomial(d, k + 1) * _deep(k + 1), "rhs": sp.binomial(d, k) * _deep(k)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="… and whose samples have two thirds of their variance at the degrees from 2 on.",
            statement=Inequality(lhs=sp.Rational(2, 3), rhs=_COMPLEX / _ALL, domain=(_AT_TEN,)),
            routes=(Certificate(name="the whole spectrum", points=({d: _TEN},), covers_domain=True),),
            mutants=(
                Mutant(
                    name="each eigenvalue once",
                    why_false="By the eigenvalues alone it would be less: that is why their order misleads.",
                    change={"rhs": _ONCE[0] / _ONCE[1]},
                ),
                Mutant(
                    name="three quarters",
                    why_false="It is $0.714$.",
                    change={"lhs": sp.Rational(3, 4)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="The sentence is true in a weak sense. The fractional variances $binom(d, k) mu_k$, not the $mu_k$, say where "
    "the variance is: with equal eigenvalues it sits at the degrees around $d\\/2$.",
)

CLAIMS = (IM_ORDER,)
