"""The fractional variances of the NTK against those of the CK: the NTK has more at high degrees of either parity."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.ledger._cube_spectra import SPECTRUM, Domain, L, among, b, ck, d, k, ntk, on_the_grid, w
from verify.statement import Inequality
from verify.verdict import Verdict

_TENTH = sp.Rational(1, 10)
_D = 24


def _ratio(activation: str, weights: sp.Expr, biases: sp.Expr, degree: sp.Expr) -> sp.Expr:
    """ν_k of the NTK over that of the CK in dimension 24."""
    return ntk(activation, L, weights, biases, _D, degree) / ck(activation, L, weights, biases, _D, degree)


def _rising(activation: str, weights: sp.Expr, biases: sp.Expr, domain: Domain, *, remark: str) -> Form:
    """The ratio rises from each degree to the next of its parity."""

    def ratio(degree: sp.Expr) -> sp.Expr:
        return _ratio(activation, weights, biases, degree)

    return Form(
        role=Role.TESTED,
        remark=remark,
        statement=Inequality(lhs=ratio(k), rhs=ratio(k + 2), domain=domain),
        routes=(on_the_grid(domain),),
        mutants=(
            Mutant(
                name="the ratio falls",
                why_false="It rises.",
                change={"lhs": ratio(k + 2), "rhs": ratio(k)},
            ),
            Mutant(
                name="it doubles",
                why_false="At high degrees it rises by a quarter at most.",
                change={"lhs": 2 * ratio(k)},
            ),
        ),
    )


_RELU = (among(b, 0, _TENTH, 2), among(L, 2, 8, 32), (k, sp.Range(0, _D - 1)))
_ERF = (among(w, 1, 2, 4), among(L, 1, 4, 16), (k, sp.Range(0, _D - 1)))
_ODD = (among(w, 1, 2, 4), among(L, 1, 4, 16), (k, sp.Range(1, _D - 1, 2)))
_TOP = (among(w, 1, 2, 4), among(b, _TENTH, 1), among(L, 1, 4, 16), among(k, _D - 1, _D))
_TOP_RELU = (among(b, 0, _TENTH, 2), among(L, 2, 8, 32), among(k, _D - 1, _D))
_CROSSING = (among(d, 24, 128), among(k, *range(24 - 2 + 1)))


def _sign(degree: sp.Expr) -> sp.Expr:
    """The sign of NTK less CK for erf, σ_w² = 2, σ_b² = 1/10, 24 layers."""
    setting = ("erf", 24, 2, _TENTH, d, degree)
    return sp.sign(ntk(*setting) - ck(*setting))


IM_CLAIM_NTK_VS_CK = Claim(
    id="im-claim-ntk-vs-ck",
    title="From some degree of each parity on the NTK has more of the variance than the CK",
    source=Source(
        document=Document.IM,
        where="section 3, last paragraph but one",
        printed="Using degree k fractional variance as a measure of complexity, it is also found that the NTK tends to "
        "learn more complex functions than the CK as for larger k, the NTK has higher degree k fractional variance.",
    ),
    hypotheses=(
        SPECTRUM,
        'For larger $k$: among the degrees of one parity, $nu_k^"NTK" - nu_k^"CK"$ changes its sign once at most, from '
        "$-$ to $+$, and is positive at the end. It is so if the ratio of the two increases with $k$ in each parity "
        "and is above 1 for the largest degrees. Dimension 24, and 128 where it says so.",
    ),
    forms=(
        _rising(
            "relu",
            sp.Integer(2),
            b,
            _RELU,
            remark="The ratio increases within a parity, for the ReLU with $sigma_w^2 = 2$.",
        ),
        _rising("erf", w, _TENTH, _ERF, remark="And for erf with biases."),
        _rising("erf", w, sp.S.Zero, _ODD, remark="And for erf without, at odd degrees."),
        Form(
            role=Role.TESTED,
            remark="At the largest degree of each parity the NTK has more, for erf.",
            statement=Inequality(lhs=ck("erf", L, w, b, _D, k), rhs=ntk("erf", L, w, b, _D, k), domain=_TOP),
            routes=(on_the_grid(_TOP),),
            mutants=(
                Mutant(
                    name="the CK has more",
                    why_false="The NTK has.",
                    change={"lhs": ntk("erf", L, w, b, _D, k), "rhs": ck("erf", L, w, b, _D, k)},
                ),
                Mutant(
                    name="at degrees 0 and 1",
                    why_false="The CK has more there, at one of them at least.",
                    change={
                        "lhs": ck("erf", L, w, b, _D, k - 23),
                        "rhs": ntk("erf", L, w, b, _D, k - 23),
                    },
                ),
                Mutant(
                    name="twice as much",
                    why_false="With $sigma_w^2 = 4$, $sigma_b^2 = 1\\/10$ and 16 layers it has 1.6 times as much.",
                    change={"lhs": 2 * ck("erf", L, w, b, _D, k)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="And for the ReLU. (For erf without biases the ratio is above 1 at the end because it rises: the "
            "odd degrees have all of the variance of either kernel.)",
            statement=Inequality(lhs=ck("relu", L, 2, b, _D, k), rhs=ntk("relu", L, 2, b, _D, k), domain=_TOP_RELU),
            routes=(on_the_grid(_TOP_RELU),),
            mutants=(
                Mutant(
                    name="at degrees 0 and 1",
                    why_false="At degree 0 the CK has more.",
                    change={"lhs": ck("relu", L, 2, b, _D, k - 23), "rhs": ntk("relu", L, 2, b, _D, k - 23)},
                ),
                Mutant(
                    name="a hundred times as much",
                    why_false="Without biases two hidden layers have 56 and 64 times as much.",
                    change={"lhs": 100 * ck("relu", L, 2, b, _D, k)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="At most one change of sign, from $-$ to $+$, where it comes late: erf with 24 layers, "
            "$sigma_w^2 = 2$, $sigma_b^2 = 1\\/10$, in dimension 128 at the degrees up to 24.",
            statement=Inequality(lhs=_sign(k), rhs=_sign(k + 2), domain=_CROSSING),
            routes=(on_the_grid(_CROSSING),),
            mutants=(
                Mutant(
                    name="the NTK has more at every degree from 2 on",
                    why_false="In dimension 128 it has less at all degrees up to 12.",
                    change={"lhs": sp.Integer(1)},
                ),
                Mutant(
                    name="from $+$ to $-$",
                    why_false="It is from $-$ to $+$.",
                    change={"lhs": _sign(k + 2), "rhs": _sign(k)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="At a fixed degree of 2 or more the CK may have more: with erf, 24 layers, $sigma_w^2 = 2$, "
    "$sigma_b^2 = 1\\/10$ and $d = 128$ at all degrees up to 12. The degree at which the NTK overtakes grows with "
    "the depth.",
)

CLAIMS = (IM_CLAIM_NTK_VS_CK,)
