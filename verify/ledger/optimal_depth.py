"""How the depth at which a fractional variance is largest moves with the degree."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.ledger._cube_spectra import SPECTRUM, among, b, ck, ell, k, ntk, on_the_grid, optimal_depth, w
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

_TENTH = sp.Rational(1, 10)
_DIMENSION = 128

_SOURCE = Source(
    document=Document.IM,
    where="section 3, paragraph on the degree k fractional variance",
    printed="It was also found in the experiments that the point at which that occurs increases with k",
)
_BIASED = (among(w, 2, 4), among(k, *range(1, 8)))
_RELU = (among(b, 0, _TENTH), among(k, *range(1, 8)))
_ODD = (among(w, 2, 4), among(k, 1, 3, 5))
_DEEPEST_ERF = 32
"""Far beyond the optima of these."""
_SLOW = (among(k, 1, 3, 5, 7),)
_BEST_SLOW = sp.Piecewise((0, k < 3), (48, k < 5), (78, k < 7), (98, True))
_PARITY = (among(w, 2, 4), among(k, *range(1, 7)))


def _of_relu(kind: str, shift: int) -> sp.Expr:
    share = {"ck": ck, "ntk": ntk}[kind]
    return optimal_depth(share("relu", ell, 2, b, _DIMENSION, k + shift))


def _of_erf(kind: str, weights: sp.Expr, biases: sp.Expr, shift: int) -> sp.Expr:
    share = {"ck": ck, "ntk": ntk}[kind]
    return optimal_depth(share("erf", ell, weights, biases, _DIMENSION, k + shift), _DEEPEST_ERF)


def _for_relu(kind: str, *, remark: str) -> Form:
    return Form(
        role=Role.CORRECTED,
        remark=remark,
        statement=Inequality(lhs=_of_relu(kind, 0), rhs=_of_relu(kind, 1), domain=_RELU),
        routes=(on_the_grid(_RELU),),
        mutants=(
            Mutant(
                name="by two layers a degree",
                why_false="From degree 2 on it is one or two layers a degree.",
                change={"lhs": _of_relu(kind, 0) + 2},
            ),
            Mutant(
                name="it decreases",
                why_false="It increases from 0 at degree 1 to 6 or more at degree 8.",
                change={"lhs": _of_relu(kind, 1), "rhs": _of_relu(kind, 0)},
            ),
        ),
    )


def _for_odd_erf(kind: str, *, remark: str) -> Form:
    def best_depth(shift: int) -> sp.Expr:
        return _of_erf(kind, w, sp.S.Zero, shift)

    return Form(
        role=Role.CORRECTED,
        remark=remark,
        statement=Inequality(lhs=best_depth(0), rhs=best_depth(2), domain=_ODD),
        routes=(on_the_grid(_ODD),),
        mutants=(
            Mutant(
                name="by two layers a step",
                why_false="With $sigma_w^2 = 4$ it is one layer from degree 5 to 7.",
                change={"lhs": best_depth(0) + 2},
            ),
            Mutant(
                name="it decreases",
                why_false="It increases.",
                change={"lhs": best_depth(2), "rhs": best_depth(0)},
            ),
        ),
    )


IM_CLAIM_OPTDEPTH_GROWS = Claim(
    id="im-claim-optdepth-grows",
    title="The optimal depth grows with the degree for the ReLU; for erf with biases it does not",
    source=_SOURCE,
    hypotheses=(
        SPECTRUM,
        "The point is the depth at which the degree $k$ fractional variance is largest, in dimension 128, among all up "
        "to 128, or up to 32 where optima are far below that. Without hidden layers the kernel is affine.",
        "It increases: it does not decrease. Strictly it does not even for the CK of the ReLU, where it is 7 at "
        "degrees 7 and 8.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="For the NTK of erf with $sigma_b^2 = 1\\/10$ it falls from even to odd degrees: with "
            "$sigma_w^2 = 2$ it is 0, 5, 2, 6, 3, 7, 5, 7 for $k = 1, ..., 8$.",
            statement=Inequality(lhs=_of_erf("ntk", w, _TENTH, 0), rhs=_of_erf("ntk", w, _TENTH, 1), domain=_BIASED),
            routes=(on_the_grid(_BIASED),),
        ),
        _for_relu("ntk", remark="It increases for the NTK of the ReLU, with biases and without."),
        _for_relu("ck", remark="And for its CK, not always strictly."),
        _for_odd_erf("ck", remark="For the CK of erf without biases, from odd degree to odd degree."),
        _for_odd_erf("ntk", remark="And for its NTK."),
        Form(
            role=Role.CORRECTED,
            remark="With $sigma_w^2 = 1$ the optima of the CK are 0, 48, 78, 98 for $k = 1, 3, 5, 7$.",
            statement=Identity(lhs=optimal_depth(ck("erf", ell, 1, 0, _DIMENSION, k)), rhs=_BEST_SLOW, domain=_SLOW),
            routes=(on_the_grid(_SLOW),),
            mutants=(
                Mutant(
                    name="for the NTK",
                    why_false="Its optima are 0, 25, 46, 60.",
                    change={"lhs": optimal_depth(ntk("erf", ell, 1, 0, _DIMENSION, k))},
                ),
                Mutant(
                    name="a layer less",
                    why_false="The optimum is one integer.",
                    change={"rhs": _BEST_SLOW - 1},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With biases and $sigma_w^2 = 2$ or $4$ it increases among the degrees of one parity.",
            statement=Inequality(lhs=_of_erf("ntk", w, _TENTH, 0), rhs=_of_erf("ntk", w, _TENTH, 2), domain=_PARITY),
            routes=(on_the_grid(_PARITY),),
            mutants=(
                Mutant(
                    name="with weights of half the variance",
                    why_false="With $sigma_w^2 = 1$ it falls from 5 at degree 2 to 4 at degree 4.",
                    change={
                        "lhs": _of_erf("ntk", w / 2, _TENTH, 0),
                        "rhs": _of_erf("ntk", w / 2, _TENTH, 2),
                    },
                ),
                Mutant(
                    name="strictly",
                    why_false="With $sigma_w^2 = 2$ it is 7 at degrees 6 and 8.",
                    change={"lhs": _of_erf("ntk", w, _TENTH, 0) + 1},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Among the degrees of one parity it can fall too: for the NTK of erf with $sigma_w^2 = 1$ and $sigma_b^2 = "
    "1\\/10$ it is 5 at degree 2 and 4 at degree 4, as a mutant shows.",
)

CLAIMS = (IM_CLAIM_OPTDEPTH_GROWS,)
