"""Kernel regression: the solutions that fit the labels, the one nearest to the start, and what it predicts."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.ledger._features import (
    FULL_RANK,
    GRAM,
    INDEPENDENT,
    INVERTIBLE,
    PROJECTION,
    SETTING,
    SIZES,
    D,
    K,
    N,
    Phi,
    by_matrices,
    real,
    squared,
    v,
    w,
    w0,
    w_hat,
    y,
)
from verify.statement import Identity
from verify.verdict import Verdict

eta = sp.Symbol("eta", positive=True)

_NEAREST = Phi.T * K.I * y + (sp.Identity(D) - PROJECTION) * w0
_REGULAR = (*SIZES, FULL_RANK)


DS_KR_MANY = Claim(
    id="ds-kr-many",
    title="With more features than examples there are infinitely many weights without loss",
    source=Source(
        document=Document.DS,
        where="'Kernel regression'",
        printed="If $D > N$, there are typically infinitely many $bold(w)$ with $L_S (bold(w)) = 0$",
    ),
    hypotheses=(SETTING, INDEPENDENT + " That is what 'typically' has to say.", "$D > N$."),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Whatever $v in bb(R)^D$ is, these weights fit the labels.",
            statement=Identity(
                lhs=Phi * (Phi.T * K.I * y + (sp.Identity(D) - PROJECTION) * v),
                rhs=y,
                where=(GRAM,),
                domain=(*_REGULAR, (D - N, sp.S.Naturals), *real(Phi, y, v)),
            ),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="without the projection",
                    why_false="$Phi v$ is added to the labels.",
                    change={"lhs": Phi * (Phi.T * K.I * y + v)},
                ),
                Mutant(
                    name="without the inverse",
                    why_false="$Phi Phi^top bold(y) = K bold(y)$.",
                    change={"lhs": Phi * (Phi.T * y + (sp.Identity(D) - PROJECTION) * v)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="They fill an affine space of $D - N > 0$ dimensions: the trace of the projection $I - Phi^top "
            "K^(-1) Phi$, that is its rank.",
            statement=Identity(
                lhs=sp.Trace(sp.Identity(D) - PROJECTION),
                rhs=D - N,
                where=(GRAM,),
                domain=(*_REGULAR, (D - N, sp.S.Naturals), *real(Phi)),
            ),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="in all D dimensions",
                    why_false="The $N$ labels are $N$ conditions.",
                    change={"rhs": D},
                ),
                Mutant(
                    name="in one dimension",
                    why_false="For $D = 4$ and $N = 2$ there are two.",
                    change={"rhs": sp.S.One},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="With linearly dependent features of the examples there are infinitely many solutions or none.",
)

_STEP = Phi.T * (Phi * w - y)

DS_KR_MINNORM = Claim(
    id="ds-kr-minnorm",
    title="Gradient descent ends at the solution nearest to its start",
    source=Source(
        document=Document.DS,
        where="'Kernel regression'",
        printed='gradient descent converges to $hat(bold(w)) = op("argmin")_(bold(w) : Phi bold(w) = bold(y)) '
        "norm(bold(w) - bold(w)_0) = Phi^top bold(K)^(-1) bold(y) + (bold(I) - Phi^top bold(K)^(-1) Phi) bold(w)_0$",
    ),
    hypotheses=(SETTING, INDEPENDENT, "That gradient descent converges is the claim ds-kr-lr."),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="$hat(bold(w))$ fits the labels.",
            statement=Identity(
                lhs=Phi * w_hat,
                rhs=y,
                where=((w_hat, _NEAREST), GRAM),
                domain=(*_REGULAR, *real(Phi, y, w0)),
            ),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="without the projection",
                    why_false="$Phi bold(w)_0$ is added to the labels.",
                    change={"where": ((w_hat, Phi.T * K.I * y + w0), GRAM)},
                ),
                Mutant(
                    name="with a plus sign in the projection",
                    why_false="$Phi bold(w)_0$ is added twice.",
                    change={"where": ((w_hat, Phi.T * K.I * y + (sp.Identity(D) + PROJECTION) * w0), GRAM)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="No other $bold(w)$ that fits them, $bold(y) = Phi bold(w)$, is as near to $bold(w)_0$.",
            statement=Identity(
                lhs=squared(w - w0),
                rhs=squared(w_hat - w0) + squared(w - w_hat),
                where=((w_hat, _NEAREST), (y, Phi * w), GRAM),
                domain=(*_REGULAR, *real(Phi, w, w0)),
            ),
            routes=by_matrices(*INVERTIBLE[:3]),
            mutants=(
                Mutant(
                    name="with the opposite start",
                    why_false="Then it is the solution nearest to $-bold(w)_0$.",
                    change={
                        "where": (
                            (w_hat, Phi.T * K.I * y - (sp.Identity(D) - PROJECTION) * w0),
                            (y, Phi * w),
                            GRAM,
                        )
                    },
                ),
                Mutant(
                    name="the solution of least norm",
                    why_false="It is nearest to the origin, not to $bold(w)_0$.",
                    change={"where": ((w_hat, Phi.T * K.I * y), (y, Phi * w), GRAM)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="A step of gradient descent leaves $(bold(I) - Phi^top bold(K)^(-1) Phi) bold(w)$ as it is, so a "
            "limit that fits the labels is $hat(bold(w))$.",
            statement=Identity(
                lhs=(sp.Identity(D) - PROJECTION) * (w - eta / N * _STEP),
                rhs=(sp.Identity(D) - PROJECTION) * w,
                where=(GRAM,),
                domain=(*_REGULAR, (eta, sp.Interval.open(0, sp.oo)), *real(Phi, y, w)),
            ),
            routes=by_matrices(*({**point, eta: sp.Rational(1, 5)} for point in INVERTIBLE[:3])),
            mutants=(
                Mutant(
                    name="with weight decay",
                    why_false="It shrinks this part too.",
                    change={"lhs": (sp.Identity(D) - PROJECTION) * (w - eta / N * _STEP - eta * w)},
                ),
                Mutant(
                    name="the part in the span of the features",
                    why_false="That is the part which the step changes.",
                    change={"lhs": PROJECTION * (w - eta / N * _STEP), "rhs": PROJECTION * w},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (DS_KR_MANY, DS_KR_MINNORM)
