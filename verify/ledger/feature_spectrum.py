"""The singular values of the features of Lecture 12's network: Lemma 12.1, where it holds and where it does not."""

import sympy as sp

from derivations import sum_bounds
from derivations.expressions import step
from derivations.sum_bounds import Part
from verify.claim import (
    Certificate,
    Claim,
    Derivation,
    Document,
    Form,
    Mutant,
    Point,
    Role,
    Source,
)
from verify.ledger._feature_matrix import (
    ACROSS,
    ENDS,
    LENGTH,
    NEURONS,
    SIZES,
    SLOPE,
    TOTAL,
    VECTOR,
    network_with,
)
from verify.ledger._lecture_network import (
    CONVENTION,
    NETWORK,
    SETTING,
    SETUP,
    START,
    W0,
    a,
    d,
    i,
    j,
    k,
    m,
    n,
    preactivation,
    routes,
    x,
)
from verify.ledger._points import family
from verify.ledger._well_conditioned import CORRELATED, ORTHONORMAL
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

p, s = sp.symbols("p s", integer=True)
C = sp.Symbol("C", positive=True)
P = sp.IndexedBase("P", real=True)
X2 = sp.IndexedBase("X", nonnegative=True)

_UNIT = (sp.Sum(x[i, k] ** 2, (k, 1, d)), sp.FiniteSet(1))


def _circle(count: int) -> list[tuple[sp.Rational, sp.Rational]]:
    """Distinct rational points of a quarter of the unit circle."""
    found = [sp.Rational(step_, max(1, count - 1)) for step_ in range(count)]
    return [((1 - one**2) / (1 + one**2), 2 * one / (1 + one**2)) for one in found]


_MANY: tuple[Point, ...] = tuple(
    {**network_with(NEURONS, _circle(count), [y for _, y in _circle(count)]), C: sp.Rational(constant)}
    for count, constant in ((5, "3/2"), (8, "2"))
)
"""Inputs in the plane, more than its dimension, and the vector of their second coordinates."""

# With many inputs in few dimensions the largest singular value is far above the mean.

_BLOCK = sp.Sum(a[j] * SLOPE, (j, 1, m)) / sp.sqrt(m)
"""φ^(i)·v_k for the unit vector v_k with the entries a_j/√m at the weights of coordinate k."""
_SHARE = sp.Sum(a[j] ** 2 * step(preactivation(W0, j)), (j, 1, m)) / m
_SMALL: tuple[Point, ...] = tuple(
    {**network, i: example, k: entry}
    for network, example, entry in (
        (network_with(NEURONS, [["3/5", "4/5"], ["-1", "1/2"], ["1", "1"]], ["1", "2", "-1"]), 1, 2),
        (
            network_with([["1", "0", "1"], ["-1", "2", "1/2"]], [["1/2", "1", "-1"], ["2", "1", "1/3"]], ["1", "1"]),
            2,
            1,
        ),
        (network_with([["2"]], [["3/2"]], ["1"]), 1, 1),
    )
)
_SQUARES, _WEIGHTED = sp.Sum(X2[p], (p, 1, n)), sp.Sum(X2[p] * P[p], (p, 1, n))
_SECOND = sp.Sum(X2[p] * P[p] ** 2, (p, 1, n))
_SHARES: tuple[Point, ...] = tuple(
    {n: len(squares), X2: family(*squares), P: family(*shares)}
    for squares, shares in ((["1", "1", "1"], ["1/2", "1/4", "3/4"]), (["1", "4"], ["1/2", "1/2"]), (["2"], ["1/3"]))
)

L12_LEM_WELLCOND = Claim(
    id="l12-lem-wellcond",
    title="Lemma 12.1: the features are well conditioned for inputs that are nearly orthogonal, not in general",
    source=Source(
        document=Document.L12,
        where="Lemma 12.1, (12.9)",
        printed="When $theta^0$ is random, $phi$ is well-conditioned in the sense that $sigma_min (phi) approx "
        "1/sqrt(n) norm(phi)_F$ and $sigma_max (phi) approx 1/sqrt(n) norm(phi)_F$. […] Specifically, $sigma_min "
        "(phi) gt.tilde Omega(1/sqrt(n) norm(phi)_F)$, and vice-versa for $sigma_max (phi)$.",
    ),
    hypotheses=(
        SETUP + " " + CONVENTION,
        ENDS,
        "Printed form: the hidden constant $C$ of $sigma_max (phi) <= C norm(phi)_F\\/sqrt(n)$ does not depend on $n$ "
        "and $d$ ($approx$ and $Omega$ stand without the index of $O_(d,n)$), unit inputs.",
        "Third form: $X_p = norm(x^((p)))_2^2$, and $P_p$ is the share of neurons that are active at $x^((p))$. Forms "
        "with a probability: $W_(i j) tilde cal(N)(0, 1)$ independent.",
        "Correlated inputs: 8 unit vectors with the inner products $2^(-|p - q|)$; the eigenvalues of their Gram "
        "matrix are below 3, and $lambda_0$ is a lower bound of those of the limit $bold(K)^infinity$ of $phi "
        "phi^top$, whose entries are $K(rho)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The half about the largest singular value, with a constant for all $n$ and $d$: refuted at $C = "
            "3\\/2$ and $C = 2$ by 5 and 8 inputs in the plane. By the next two forms no other constant will do: with "
            "random weights the ratio is at least about $sqrt(n\\/(2 d))$.",
            statement=Inequality(
                lhs=ACROSS,
                rhs=C**2 / n * TOTAL * LENGTH,
                where=(NETWORK,),
                domain=(*SIZES, START, VECTOR, _UNIT, (C, sp.Interval(1, sp.oo))),
            ),
            routes=(Certificate(name="many inputs in the plane", points=_MANY),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="What the printed form misses: along the unit vector $v_k$ that has the entries $a_j\\/sqrt(m)$ at "
            "the weights of the coordinate $k$ all neurons and all examples add up. Here $phi^((i)) dot v_k$, whose "
            "squares sum to $sum_i norm(x^((i)))^2 P_i^2 <= d sigma_max (phi)^2$ over $i$ and $k$.",
            statement=Identity(
                lhs=_BLOCK,
                rhs=x[i, k] * _SHARE,
                where=(NETWORK,),
                domain=((k, sp.Range(1, d + 1)), *SETTING, START),
            ),
            routes=routes("derivatives of finite sums", _SMALL),
            mutants=(
                Mutant(
                    name="the root of the number of active neurons, as for signs that cancel",
                    why_false="In $v_k$ the signs are those of the read-out, and all terms are positive.",
                    change={"rhs": x[i, k] * sp.sqrt(_SHARE / m)},
                ),
                Mutant(
                    name="without the read-out in $v_k$",
                    why_false="The signs cancel.",
                    change={"lhs": sp.Sum(SLOPE, (j, 1, m)) / sp.sqrt(m)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="So $d sigma_max (phi)^2 >= norm(phi)_F^4\\/sum_p norm(x^((p)))^2$: for unit inputs $sigma_max "
            "(phi) sqrt(n)\\/norm(phi)_F >= norm(phi)_F\\/sqrt(d)$, which is about $sqrt(n\\/(2 d))$ where half of the "
            "neurons are active.",
            statement=Inequality(
                lhs=_WEIGHTED**2,
                rhs=_SQUARES * _SECOND,
                domain=((n, sp.S.Naturals), (X2[p], sp.Interval(0, sp.oo)), (P[p], sp.S.Reals)),
            ),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=sum_bounds.by_parts(
                        Part(
                            "Lagrange's identity.",
                            sp.Sum(X2[p] * X2[s] * (P[p] - P[s]) ** 2, (p, 1, n), (s, 1, n)) / 2,
                        )
                    ),
                    spots=_SHARES[:2],
                ),
                Certificate(name="balls at lists of numbers", points=_SHARES),
            ),
            mutants=(
                Mutant(
                    name="half the right side",
                    why_false="In the second list the shares are equal, and the two sides are.",
                    change={"rhs": _SQUARES * _SECOND / 2},
                ),
                Mutant(
                    name="the other way round",
                    why_false="In the first list the shares differ.",
                    change={"lhs": _SQUARES * _SECOND, "rhs": _WEIGHTED**2},
                ),
            ),
        ),
        *ORTHONORMAL,
        *CORRELATED,
    ),
    expected=Verdict.REFUTED,
    note="With constants that may depend on $n$, $d$ and the inputs the half about $sigma_max$ is trivial ($sigma_max "
    "<= norm(phi)_F$), and the half about $sigma_min$ says that $bold(K)^infinity$ has no eigenvalue 0; what that "
    "takes is the subject of l12-lem-12.1-hypotheses.",
)

CLAIMS = (L12_LEM_WELLCOND,)
