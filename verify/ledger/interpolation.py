"""Regression with an invertible kernel matrix: it interpolates, is blind to the scale, and has the smallest norm."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Point, Role, Source
from verify.ledger import _features as of
from verify.ledger.kernel_matrices import PRINTED
from verify.quantities import notation
from verify.statement import Identity
from verify.verdict import Verdict

kappa = sp.Symbol("kappa", positive=True)
N = of.N
H = sp.MatrixSymbol(notation("H__star", typst="H^*", latex="H^*", text="H*"), N, N)
S = sp.MatrixSymbol("S", N, N)
ker = sp.MatrixSymbol("k", 1, N)
_INVERTIBLE = (sp.Determinant(H), sp.Union(sp.Interval.open(-sp.oo, 0), sp.Interval.open(0, sp.oo)))
_REGULAR = ((N, sp.S.Naturals), _INVERTIBLE, *of.real(H))
_w_hat = of.Phi.T * of.K.I * of.y


def _matrix(kernel: list[list[str]], other: list[list[str]], row: list[str], labels: list[str], scale: str) -> Point:
    return {
        N: len(kernel),
        H: of.rows(*kernel),
        S: of.rows(*other),
        ker: of.rows(row),
        of.y: of.column(*labels),
        kappa: sp.Rational(scale),
    }


_MATRICES: tuple[Point, ...] = (
    _matrix([["2", "1"], ["1", "3"]], [["1", "1/2"], ["1/2", "1"]], ["1", "-1"], ["1", "2"], "1/3"),
    _matrix(
        [["2", "1", "0"], ["1", "2", "1/2"], ["0", "1/2", "1"]],
        [["1", "0", "0"]] * 3,
        ["1", "1/2", "-2"],
        ["1", "0", "-1"],
        "2",
    ),
    _matrix([["1/2"]], [["3"]], ["2"], ["5"], "3"),
)

IM_REGRESSION = Claim(
    id="im-id-fntk",
    title="Kernel regression interpolates, does not see the scale of the kernel, and has the smallest norm",
    source=Source(document=Document.IM, where="section 2, kernel regression with the NTK", printed=PRINTED),
    hypotheses=(
        "$H^*$ is invertible (im-prop-ntk-psd).",
        'First form: the rows of $H^*$ are $ker_"ntk" (x_i, X)^top$, so that $H^* (H^*)^(-1) y$ are the predictions at '
        "the training points. Second: $k$ is the row of a test point. Third: $Theta(x, x') = phi(x)^top phi(x')$, the "
        "rows of $Phi$ are $phi(x_i)^top$, $K = H^* = Phi Phi^top$, and $y = Phi w$: $x |-> w^top phi(x)$ is any "
        "function of the space of the kernel that interpolates, of norm $norm(w)$ or less.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="It interpolates the labels.",
            statement=Identity(lhs=sp.MatMul(H, sp.Inverse(H), of.y), rhs=of.y, domain=(*_REGULAR, *of.real(of.y))),
            routes=of.by_matrices(*_MATRICES),
            mutants=(
                Mutant(
                    name="with a ridge of 1",
                    why_false="$(H^* + I)^(-1)$ shrinks the predictions.",
                    change={
                        "lhs": H * (H + sp.Identity(N)).I * of.y,
                        "domain": (
                            *_REGULAR,
                            *of.real(of.y),
                            (sp.Determinant(H + sp.Identity(N)), _INVERTIBLE[1]),
                        ),
                    },
                ),
                Mutant(
                    name="with the rows of another kernel",
                    why_false="$S (H^*)^(-1) y = y$ for all $y$ only if $S = H^*$.",
                    change={"lhs": S * H.I * of.y, "domain": (*_REGULAR, *of.real(of.y, S))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="It is the same for the kernel $kappa^2 Theta$ of the scaled output $kappa f$.",
            statement=Identity(
                lhs=sp.MatMul(kappa**2, ker, sp.Inverse(kappa**2 * H), of.y),
                rhs=ker * H.I * of.y,
                domain=(*_REGULAR, *of.real(of.y, ker), (kappa, sp.Interval.open(0, sp.oo))),
            ),
            routes=of.by_matrices(*_MATRICES),
            mutants=(
                Mutant(
                    name="with the scaled row and the kernel as it was",
                    why_false="The prediction is multiplied by $kappa^2$.",
                    change={"lhs": (kappa**2 * ker) * H.I * of.y},
                ),
                Mutant(
                    name="scaled with the output",
                    why_false="The factor cancels.",
                    change={"rhs": kappa * ker * H.I * of.y},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="No function that interpolates has a smaller norm: the squares differ by a square.",
            statement=Identity(
                lhs=of.squared(of.w),
                rhs=of.squared(_w_hat) + of.squared(of.w - _w_hat),
                where=((of.y, of.Phi * of.w), of.GRAM),
                domain=(*of.SIZES, of.FULL_RANK, *of.real(of.Phi, of.w)),
            ),
            routes=of.by_matrices(*of.INVERTIBLE),
            mutants=(
                Mutant(
                    name="the labels in place of the weights",
                    why_false="The norm of $y$ is that of $Phi w$.",
                    change={"rhs": of.squared(of.y) + of.squared(of.w - _w_hat)},
                ),
                Mutant(
                    name="of any solution",
                    why_false="The squared norm is attained by $hat(w)$ alone.",
                    change={"rhs": of.squared(_w_hat)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="Linear in $y$ it is by its form.",
)

CLAIMS = (IM_REGRESSION,)
