"""The spectra of one kernel on the cube, on the sphere and under the Gaussian: the top of each degree agrees."""

import sympy as sp

from verify.claim import Claim, Form, Mutant, Role
from verify.ledger._eigenspaces import ERF, NETWORKS, RELU, d, described, furthest, grid, k, over, tops
from verify.ledger.eigenspace_dimensions import SOURCE
from verify.statement import Inequality
from verify.verdict import Verdict

_DIMENSIONS, _DEGREES = (64, 128, 256), (0, 1, 2, 3, 4, 5)
_GAUSSIAN, _LOW = (64, 128, 256), (0, 1, 2)
_BIASED = (RELU, ERF)
_RATE = (k * (k - 1) + sp.Rational(1, 2)) / d


def _ratios(over_: tuple[sp.Expr, ...], under: tuple[sp.Expr, ...], shift: int = 0) -> sp.Expr:
    return furthest(tuple(a / b.subs(k, k + shift) for a, b in zip(over_, under, strict=True)))


_CUBE, _SPHERE = tops("cube", "mu", NETWORKS), tops("sphere", "nu", NETWORKS)
_CUBE_2, _NORMAL = tops("cube", "mu", _BIASED), tops("gaussian", "g", _BIASED)
_OTHER = tops("gaussian", "g", tuple((a, kind, depth, 2 * w, b) for a, kind, depth, w, b in _BIASED))[1]

IM_THREE = Claim(
    id="im-claim-spectrum-3-dists",
    title="The largest eigenvalues of each degree agree on the cube, the sphere and under the Gaussian",
    source=SOURCE,
    hypotheses=(
        "The theorem says the same of the three distributions, with the same $k$; what they share are the largest "
        "eigenvalues of each degree $k$, to leading order in $d$: all are $Phi^((k))(0)\\/d^k$.",
        "Cube and sphere: " + described(NETWORKS) + ".",
        "Gaussian: " + described(_BIASED) + ". Their largest eigenvalue of each degree is enclosed between a Rayleigh "
        "quotient and a trace.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="$nu$ on the sphere, $mu$ on the cube: the ratio tends to 1 as $1\\/d$; the largest difference "
            "among five networks.",
            statement=Inequality(
                lhs=_ratios(_SPHERE[0], _CUBE[0]),
                rhs=_RATE,
                where=(*_SPHERE[1], *_CUBE[1]),
                domain=over(_DIMENSIONS, _DEGREES),
            ),
            routes=grid(_DIMENSIONS, _DEGREES),
            mutants=(
                Mutant(
                    name="equal in every dimension",
                    why_false="At degree 2 the ratio is about $1 - 2\\/d$.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="at a rate of one over d²",
                    why_false="At degree 2 the ratio is about $1 - 2\\/d$.",
                    change={"rhs": _RATE / d},
                ),
                Mutant(
                    name="at half of the rate",
                    why_false="The ratio is $1 - k(k - 1)\\/d$ to first order.",
                    change={"rhs": (k * (k - 1) / 2 + sp.Rational(1, 2)) / d},
                ),
                Mutant(
                    name="the next degree",
                    why_false="From degree to degree the eigenvalues fall by a factor of the order $d$.",
                    change={"lhs": _ratios(_SPHERE[0], _CUBE[0], shift=1)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="$g$ under the Gaussian, the largest of degree $k$.",
            statement=Inequality(
                lhs=_ratios(_NORMAL[0], _CUBE_2[0]),
                rhs=12 / d,
                where=(*_NORMAL[1], *_CUBE_2[1]),
                domain=over(_GAUSSIAN, _LOW),
            ),
            routes=grid(_GAUSSIAN, _LOW),
            mutants=(
                Mutant(
                    name="the next degree",
                    why_false="From degree to degree the eigenvalues fall by a factor of the order $d$.",
                    change={"lhs": _ratios(_NORMAL[0], _CUBE_2[0], shift=1)},
                ),
                Mutant(
                    name="inputs of twice the variance",
                    why_false="Their norm is about $sqrt(2 d)$: it is as if the weights had twice the variance.",
                    change={"where": (*_OTHER, *_CUBE_2[1])},
                ),
                Mutant(
                    name="in units of 1/d^k on one side",
                    why_false="Both fall as $1\\/d^k$.",
                    change={"lhs": furthest(tuple(d**k * a / b for a, b in zip(_NORMAL[0], _CUBE_2[0], strict=True)))},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="Only the top of each degree: under the Gaussian a degree has more eigenvalues, to which nothing on the cube "
    "and the sphere corresponds (im-thm-eigdim-gauss). In finite dimension all three differ, cube and sphere by about "
    "$k(k - 1)\\/d$ of themselves.",
)

CLAIMS = (IM_THREE,)
