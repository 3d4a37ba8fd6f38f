"""Whether infinite depth is optimal: the depth at which a fractional variance is largest, against the limit."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.ledger._cube_spectra import (
    SPECTRUM,
    L,
    among,
    best,
    ck,
    d,
    ell,
    k,
    ntk,
    on_the_grid,
    optimal_depth,
)
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

_TENTH = sp.Rational(1, 10)
_DEGREES = tuple(range(2, 9))
_DIMENSION = 128

RELU_LIMIT = sp.Rational(3, 4) * sp.binomial(d, k) / 2**d
"""Of the NTK of ReLU networks without biases as L → ∞: a quarter of it is constant, the rest white noise."""
ERF_LIMIT = sp.binomial(d, k) / 2 ** (d - 1)
"""Of the kernels of erf networks without biases, σ_w² > π/4, at odd degrees: white noise on the odd functions."""

_LIMITS = (
    'As $L -> oo$, without biases: $nu_k^"NTK" ("ReLU") -> 3\\/4 binom(d, k) 2^(-d)$ for $k >= 1$, as the NTK off its '
    'diagonal becomes a quarter of it; $nu_k^"CK" ("ReLU") -> 0$; and for erf with $sigma_w^2 > pi\\/4$ both tend to '
    "$binom(d, k) 2^(1 - d)$ for odd $k$, as the correlation of any two inputs but $plus.minus bold(x)$ tends to $0$."
)
_DEPTHS = "Depths up to 128 are compared, 0 among them: without hidden layers the kernel is affine."

_OVER_RELU = (among(d, 7, 24), among(k, *range(1, 8)))
_OVER_ERF = (among(k, 1, 3, 5, 7),)
_FAR_RELU = (among(d, 24, 32), among(k, *range(1, 9)))
_FAR_ERF = (among(d, 24, 32), among(k, 1, 3, 5, 7))
_TABLE = (among(k, *_DEGREES),)
_BEYOND = (among(k, 2, 4, 8), (L, sp.Range(9, 128)))

_BEST_NTK = sp.Piecewise((k - 1, k < 3), (k, k < 5), (k + 1, True))
_BEST_CK = sp.Piecewise((k - 1, k < 3), (k, k < 8), (k - 1, True))


def _grown(activation: str, steps: int) -> sp.Expr:
    """The NTK's fractional variance so many layers further."""
    return ntk(activation, L + steps, 2, 0, _DIMENSION, k)


IM_CLAIM_INFDEPTH = Claim(
    id="im-claim-infdepth",
    title="Infinite depth is not optimal for degrees far below half the dimension; near it and beyond it is",
    source=Source(
        document=Document.IM,
        where="section 3, paragraph on the degree k fractional variance",
        printed="Through experiments of maximizing degree k fractional variance for different k by changing the depths "
        "of the network, it was found that infinite depth is not optimal and that past a certain point, degree k "
        "fractional variance will start decreasing.",
    ),
    hypotheses=(SPECTRUM, _LIMITS, _DEPTHS),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Infinite depth is not optimal, for the ReLU: for $d = 7$ no depth up to 128 reaches the limit from "
            "degree 3 on.",
            statement=Inequality(lhs=RELU_LIMIT, rhs=best(ntk("relu", ell, 2, 0, d, k)), domain=_OVER_RELU),
            routes=(on_the_grid(_OVER_RELU),),
        ),
        Form(
            role=Role.PRINTED,
            remark="Nor for erf, $sigma_w^2 = 4$: for $d = 7$ no depth up to 128 reaches the limit at degrees 3, 5, 7.",
            statement=Inequality(lhs=ERF_LIMIT.subs(d, 7), rhs=best(ck("erf", ell, 4, 0, 7, k)), domain=_OVER_ERF),
            routes=(on_the_grid(_OVER_ERF),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="In dimensions 24 and 32 some depth does better than the limit, at degrees up to 8.",
            statement=Inequality(lhs=RELU_LIMIT, rhs=best(ntk("relu", ell, 2, 0, d, k)), domain=_FAR_RELU),
            routes=(on_the_grid(_FAR_RELU),),
            mutants=(
                Mutant(
                    name="at degrees from 9 to 16",
                    why_false="In dimension 24 the fractional variances of these increase to the limit.",
                    change={"lhs": RELU_LIMIT.subs(k, k + 8), "rhs": best(ntk("relu", ell, 2, 0, d, k + 8))},
                ),
                Mutant(
                    name="the limit is optimal",
                    why_false="In dimension 32 it is less than a hundredth, at all these degrees.",
                    change={"lhs": best(ntk("relu", ell, 2, 0, d, k)), "rhs": RELU_LIMIT},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="For erf too, at odd degrees up to 7.",
            statement=Inequality(lhs=ERF_LIMIT, rhs=best(ck("erf", ell, 4, 0, d, k)), domain=_FAR_ERF),
            routes=(on_the_grid(_FAR_ERF),),
            mutants=(
                Mutant(
                    name="at degrees from 9 to 15",
                    why_false="In dimension 24 the fractional variances of these increase to the limit.",
                    change={"lhs": ERF_LIMIT.subs(k, k + 8), "rhs": best(ck("erf", ell, 4, 0, d, k + 8))},
                ),
                Mutant(
                    name="the limit is optimal",
                    why_false="In dimension 32 it is less than a hundredth, at all these degrees.",
                    change={"lhs": best(ck("erf", ell, 4, 0, d, k)), "rhs": ERF_LIMIT},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The best depths for the NTK of the ReLU in dimension 128: 1, 3, 4, 6, 7, 8, 9 for $k = 2, ..., 8$.",
            statement=Identity(lhs=optimal_depth(ntk("relu", ell, 2, 0, _DIMENSION, k)), rhs=_BEST_NTK, domain=_TABLE),
            routes=(on_the_grid(_TABLE),),
            mutants=(
                Mutant(
                    name="a layer more",
                    why_false="The best depth is one integer.",
                    change={"rhs": _BEST_NTK + 1},
                ),
                Mutant(
                    name="for the CK",
                    why_false="Its best depths are smaller from degree 5 on.",
                    change={"lhs": optimal_depth(ck("relu", ell, 2, 0, _DIMENSION, k))},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="And for its CK: 1, 3, 4, 5, 6, 7, 7.",
            statement=Identity(lhs=optimal_depth(ck("relu", ell, 2, 0, _DIMENSION, k)), rhs=_BEST_CK, domain=_TABLE),
            routes=(on_the_grid(_TABLE),),
            mutants=(
                Mutant(
                    name="the degree itself",
                    why_false="At degree 2 it is 1.",
                    change={"rhs": k},
                ),
                Mutant(
                    name="with biases",
                    why_false="With $sigma_b^2 = 1\\/10$ they are 1, 3, 4, 5, 5, 6, 6.",
                    change={"lhs": optimal_depth(ck("relu", ell, 2, _TENTH, _DIMENSION, k))},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Past that point it decreases with every layer, up to 128.",
            statement=Inequality(lhs=_grown("relu", 1), rhs=_grown("relu", 0), domain=_BEYOND),
            routes=(on_the_grid(_BEYOND),),
            mutants=(
                Mutant(
                    name="from the affine kernel on",
                    why_false="That has no part of degree 2 or more: it increases first.",
                    change={
                        "lhs": ntk("relu", L - 8, 2, 0, _DIMENSION, k),
                        "rhs": ntk("relu", L - 9, 2, 0, _DIMENSION, k),
                    },
                ),
                Mutant(
                    name="it increases",
                    why_false="It decreases.",
                    change={"lhs": _grown("relu", 0), "rhs": _grown("relu", 1)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Infinite depth is optimal where the limit is approached from below: at degrees from 3 on in dimension 7, and "
    "from 9 on in dimension 24 for the NTK of the ReLU. It is for $k = 0$ and the CK of the ReLU in any dimension, "
    "whose fractional variance at degree 0 tends to 1. The limits are known in closed form, and the depths up "
    "to 128 are certified one by one; that none beyond 128 passes the limit where it is said to be optimal rests on "
    "the expansions there, not on a certificate.",
)

CLAIMS = (IM_CLAIM_INFDEPTH,)
