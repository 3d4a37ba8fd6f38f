"""Wide networks on the soft-margin loss, and the support vector machine: which penalty leads to which kernel."""

import sympy as sp

from derivations.matrices import by_algebra
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Point, Role, Source
from verify.decide.design import Scaling
from verify.experiments.hinge_networks import (
    PENALISED_READOUT,
    REGULARISED,
    readout_svm_gap,
    readout_svm_gap_tangent,
    svm_gap,
    svm_gap_half,
    svm_gap_intercept,
    svm_gap_readout,
)
from verify.ledger._features import SIZES, D, N, Phi, column, real, rows, w, w0
from verify.ledger._points import entries, family
from verify.statement import Direction, Identity, Inequality, Rate
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)
i, d = sp.symbols("i d", integer=True)
C = sp.Symbol("C", positive=True)
g = sp.MatrixSymbol("g", N, 1)
f, y, v, alpha, xi = (sp.IndexedBase(name, real=True) for name in ("phi", "y", "w", "alpha", "xi"))

POSITIVE, NONNEGATIVE = sp.Interval.open(0, sp.oo), sp.Interval(0, sp.oo)

_VELOCITY = -(w - w0) + C * Phi.T * g
_FLOWS: tuple[Point, ...] = tuple(
    {
        N: features.rows,
        D: features.cols,
        Phi: features,
        w: column(*(n + 1 for n in range(features.cols))),
        w0: column(*(sp.Rational(3 - 2 * n, n + 2) for n in range(features.cols))),
        g: column(*signs),
        C: sp.Rational(bound),
    }
    for features, signs, bound in (
        (rows(["1", "2", "0"], ["0", "1", "-1"]), ("1", "-1"), "2"),
        (rows(["1", "2"], ["0", "-1"], ["3", "1"]), ("0", "1", "-1/2"), "1/3"),
        (rows(["1/2", "-2"]), ("-1",), "1"),
    )
)

_OF_MULTIPLIERS = sp.Sum(alpha[i] * y[i] * f[i, d], (i, 1, N))
_MARGIN = 1 - y[i] * sp.Sum(f[i, d] * v[d], (d, 1, D))
_DUAL = sp.Sum(alpha[i], (i, 1, N)) - sp.Sum(_OF_MULTIPLIERS**2, (d, 1, D)) / 2
_PRIMAL = sp.Sum(v[d] ** 2, (d, 1, D)) / 2 + C * sp.Sum(xi[i], (i, 1, N))
_APART = sp.Sum((v[d] - _OF_MULTIPLIERS) ** 2, (d, 1, D)) / 2
_p = sp.Symbol("p", integer=True)
_OUTPUT = sp.Sum(f[i, d] * sp.Sum(alpha[_p] * y[_p] * f[_p, d], (_p, 1, N)), (d, 1, D))
_OWN_MARGIN = 1 - y[i] * _OUTPUT
_OWN = sp.Sum(_OF_MULTIPLIERS**2, (d, 1, D)) / 2 + C * sp.Sum(xi[i], (i, 1, N))
_BOX = (
    *SIZES,
    (C, POSITIVE),
    (f[i, d], sp.S.Reals),
    (y[i], sp.S.Reals),
    (alpha[i], sp.Interval(0, C)),
    (xi[i], NONNEGATIVE),
)


def _problem(
    features: list[list[str]],
    labels: tuple[int, ...],
    multipliers: tuple[str, ...],
    weights: tuple[str, ...],
    bound: str,
) -> Point:
    by = [sp.Rational(a) for a in multipliers]
    points = [[sp.Rational(x) for x in row] for row in features]
    at = [sp.Rational(x) for x in weights]
    slack = [
        max(sp.S.Zero, 1 - s * sum(a * b for a, b in zip(row, at, strict=True)))
        for row, s in zip(points, labels, strict=True)
    ]
    return {
        N: len(labels),
        D: len(at),
        C: sp.Rational(bound),
        f: entries(features),
        y: family(*labels),
        alpha: family(*by),
        v: family(*at),
        xi: family(*slack),
    }


_SOLVED: tuple[Point, ...] = (
    _problem([["2", "0"], ["0", "1"]], (1, -1), ("1/4", "1/2"), ("1/2", "-1/2"), "1/2"),
    _problem([["1", "0"], ["3", "0"]], (1, 1), ("1", "0"), ("1", "0"), "2"),
    _problem([["1", "1"], ["1", "-1"], ["-1", "0"]], (1, 1, -1), ("1/3", "1/3", "1/3"), ("1", "0"), "1"),
)
"""Machines with their multipliers: one on its margin and one held by C; one that is no support vector; three ties."""
_OTHERS: tuple[Point, ...] = (
    *_SOLVED,
    _problem([["1", "2"], ["0", "1"], ["-1", "1"]], (1, -1, 1), ("1/2", "1", "0"), ("1", "-1/3"), "1"),
    _problem([["1", "0"], ["3", "0"]], (1, -1), ("0", "2"), ("0", "1"), "2"),
)

_MARGINS = "Theory offers exponents that are multiples of $1\\/2$; the margin of $1\\/4$ is half their distance."
_PILOT = "independent pilot of 200 to 1500 networks a width"


def _rate(quantity: sp.Symbol) -> Rate:
    return Rate(
        quantity=quantity,
        exponent=sp.Rational(-1, 2),
        direction=Direction.AT_MOST,
        margin=sp.Rational(1, 4),
        along=m,
    )


def _constant(log_sd: float, drift: float) -> Scaling:
    return Scaling(exponent=0.0, shape="log-normal", log_sd=log_sd, drift=drift, source=_PILOT)


KW_SVM = Claim(
    id="kw-eq-svm",
    title="Trained on the soft-margin loss with a penalty on all weights, a wide network is the support vector machine "
    "of its tangent kernel",
    source=Source(
        document=Document.KW,
        where="slide 'On the equivalence of Neural Network and Kernel Machine'",
        printed="Infinite width MLP with ReLU activation under soft margin loss trained by subgradient descent is "
        "equivalent to a support vector machine.",
    ),
    hypotheses=(
        "Soft margin: the hinge loss $C sum_i max(0, 1 - y_i hat(f)(x_i))$ with a penalty, $y_i = plus.minus 1$. The "
        "slide names neither the penalty nor the kernel, and it depends on the penalty which kernel it is: "
        "$1\\/2 norm(theta - theta_0)^2$ on all weights gives the tangent kernel, $1\\/2 norm(a)^2$ on the read-out "
        "that of the read-out, $Sigma$.",
        "The machine has no intercept: there is none in the network's tangent model, and no equation $sum_i alpha_i "
        "y_i = 0$. $hat(f) = f - f_(theta_0)$ is fitted.",
        "Function space, for the linearised network with features $Phi$ (rows $phi_i$): $g_i = y_i$ where $y_i "
        "hat(f)(x_i) < 1$, $0$ where it is $> 1$, and anything between where it is 1.",
        "$C = 1$; two layers, $f(x) = m^(-1\\/2) sum_r a_r sigma(w_r^top x)$, with the error function $sigma$: smooth, "
        "so that every minimum comes with a bound on its error; $a_r = plus.minus 1$, $w_r tilde cal(N)(0, I)$; four "
        "examples of the plane, two held by the bound, one on the margin, one no support vector. The slide's ReLU "
        "network is not trained here: its limit has the same form, with another kernel.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Subgradient flow on $1\\/2 norm(bold(w) - bold(w)_0)^2$ plus the hinge loss, in function space: "
            "$dif/(dif t) hat(f) = -hat(f) + C K g$.",
            statement=Identity(
                lhs=Phi * _VELOCITY,
                rhs=-Phi * (w - w0) + C * Phi * Phi.T * g,
                domain=(*SIZES, (C, POSITIVE), *real(Phi, w, w0, g)),
            ),
            routes=(
                Derivation(name="the algebra of matrices", derive=by_algebra(), spots=_FLOWS),
                Certificate(name="exact arithmetic at small models", points=_FLOWS),
            ),
            mutants=(
                Mutant(
                    name="hinge loss without a penalty",
                    why_false="Nothing pulls back to the start, and the flow has no fixed point.",
                    change={"rhs": C * Phi * Phi.T * g},
                ),
                Mutant(
                    name="C halved",
                    why_false="Every subgradient has the weight $C$.",
                    change={"rhs": -Phi * (w - w0) + C * Phi * Phi.T * g / 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="For any multipliers in the box, $0 <= alpha_i <= C$, and any weights with slacks $xi_i >= 0$, "
            "$xi_i >= 1 - y_i phi_i^top bold(w)$: the objective is at least the dual one plus half the squared "
            "distance from $sum_i alpha_i y_i phi_i$.",
            statement=Inequality(
                lhs=_DUAL + _APART,
                rhs=_PRIMAL,
                domain=(*_BOX, (v[d], sp.S.Reals), (xi[i] - _MARGIN, NONNEGATIVE)),
            ),
            routes=(
                Derivation(
                    name="example by example",
                    derive=by_parts(
                        Part(
                            "Multipliers are at most $C$.",
                            sp.Sum((C - alpha[i]) * xi[i], (i, 1, N)),
                            given=(C - alpha[i], xi[i]),
                        ),
                        Part(
                            "Slacks are no less than the margins missed, and multipliers not negative.",
                            sp.Sum(alpha[i] * (xi[i] - _MARGIN), (i, 1, N)),
                            given=(alpha[i], xi[i] - _MARGIN),
                        ),
                    ),
                    spots=_OTHERS[:4],
                ),
                Certificate(name="exact arithmetic at small machines", points=_OTHERS),
            ),
            mutants=(
                Mutant(
                    name="C halved",
                    why_false="At a solution both sides are equal, with slacks that are not 0.",
                    change={"rhs": _PRIMAL.subs(C, C / 2)},
                ),
                Mutant(
                    name="hinge loss without a penalty",
                    why_false="At a solution without slack the hinge loss is 0.",
                    change={"rhs": C * sp.Sum(xi[i], (i, 1, N))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="A fixed point, $hat(f) = sum_i alpha_i y_i K(dot, x_i)$ with $alpha_i = C$ where the margin is "
            "missed and $alpha_i = 0$ where it is exceeded, closes the gap: it is the support vector machine, and the "
            "only minimum.",
            statement=Inequality(
                lhs=_OWN,
                rhs=_DUAL,
                domain=(*_BOX, (alpha[i] * _OWN_MARGIN - C * xi[i], NONNEGATIVE)),
            ),
            routes=(
                Derivation(
                    name="example by example",
                    derive=by_parts(
                        Part(
                            "$alpha_i (1 - y_i hat(f)(x_i)) = C xi_i$.",
                            sp.Sum(alpha[i] * _OWN_MARGIN - C * xi[i], (i, 1, N)),
                            given=(alpha[i] * _OWN_MARGIN - C * xi[i],),
                        )
                    ),
                    spots=_SOLVED,
                ),
                Certificate(name="exact arithmetic at small machines", points=_SOLVED),
            ),
            mutants=(
                Mutant(
                    name="half the dual objective",
                    why_false="Both sides are equal and not 0.",
                    change={"rhs": _DUAL / 2},
                ),
                Mutant(
                    name="twice the penalty",
                    why_false="Both sides are equal as they are.",
                    change={"lhs": _OWN + sp.Sum(_OF_MULTIPLIERS**2, (d, 1, D)) / 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Networks of growing width, penalised by $1\\/2 norm(theta - theta_0)^2$: both layers trained to "
            "the minimum that subgradient flow tends to.",
            statement=_rate(svm_gap),
            routes=(Measurement(name="networks at their minimum", experiment=REGULARISED),),
            design=Scaling(
                exponent=-0.5,
                shape="log-normal",
                log_sd=0.64,
                drift=0.02,
                error=0.01,
                source="central limit theorem of the kernel; " + _PILOT + ": log-sd 0.62, 0.61, 0.60",
            ),
            mutants=(
                Mutant(
                    name="the kernel of the read-out (NNGP)",
                    why_false="The distance tends to $0.33$.",
                    change={"quantity": svm_gap_readout},
                    design=_constant(0.09, 0.01),
                ),
                Mutant(
                    name="C halved",
                    why_false="The distance tends to $0.30$.",
                    change={"quantity": svm_gap_half},
                    design=_constant(0.1, 0.01),
                ),
                Mutant(
                    name="with an intercept",
                    why_false="The distance tends to $0.29$.",
                    change={"quantity": svm_gap_intercept},
                    design=_constant(0.09, 0.01),
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Penalised by $1\\/2 norm(a)^2$ alone, both layers trained: the machine of the read-out's kernel "
            "$Sigma$, as the start of $a$, and with it the rest of the tangent kernel, decays like $e^(-t)$.",
            statement=_rate(readout_svm_gap),
            routes=(Measurement(name="implicit subgradient steps", experiment=PENALISED_READOUT),),
            design=Scaling(
                exponent=-0.735,
                shape="log-normal",
                log_sd=0.7,
                drift=0.15,
                source=_PILOT + ": log-sd 0.40, 0.60, 0.78, local exponents -0.88 and -0.59",
            ),
            mutants=(
                Mutant(
                    name="the tangent kernel",
                    why_false="The distance tends to $0.33$.",
                    change={"quantity": readout_svm_gap_tangent},
                    design=Scaling(exponent=0.22, shape="log-normal", log_sd=0.46, drift=0.2, source=_PILOT),
                ),
                Mutant(
                    name="at the rate 1/m²",
                    why_false="The kernel fluctuates like $m^(-1\\/2)$.",
                    change={"exponent": sp.Integer(-2)},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The slide says ReLU; what is trained here has the error function, see the hypotheses. With the penalty on "
    "the read-out the steps are implicit, of length 1 (1\\/2 in the full run): there the start of $a$ decays like "
    f"$2^(-t)$, in the flow like $e^(-t)$. {_MARGINS}",
)

CLAIMS = (KW_SVM,)
