"""The linearised network trained on any differentiable loss: the differential equation of its predictions."""

import sympy as sp

from derivations import sum_identities
from derivations.losses import given_loss, label_loss, label_loss_slope
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity
from verify.verdict import Verdict

N, D = sp.symbols("N D", integer=True, positive=True)
i, p, q, r = sp.symbols("i p q r", integer=True)
u, label = sp.symbols("u y", real=True)
eta = sp.Symbol("eta", positive=True)
w, w0, f0, y, phi, phi_x, h = (
    sp.IndexedBase(name, real=True) for name in ("w", "w_0", "f_0", "y", "phi", "phi_x", "h")
)
loss, f_lin, f, k0 = (sp.Function(name, real=True) for name in ("L_S", "f_lin", "f", "k_0"))

_MOVE = w[p] - w0[p]
_LINEAR = f0[i] + sp.Sum(phi[i, p] * _MOVE, (p, 1, D))
_CURVED = sp.Sum(h[i, p, q] * _MOVE * (w[q] - w0[q]), (p, 1, D), (q, 1, D)) / 2
_WHERE = (
    (loss(w), sp.Sum(label_loss(_LINEAR, y[i]), (i, 1, N)) / N),
    (f_lin(i), _LINEAR),
    (f(i), f_lin(i) + _CURVED),
    (k0(i), sp.Sum(phi_x[p] * phi[i, p], (p, 1, D))),
)
_DOMAIN = (
    (N, sp.S.Naturals),
    (D, sp.S.Naturals),
    (eta, sp.Interval.open(0, sp.oo)),
    *((family_, sp.S.Reals) for family_ in (w[p], w0[p], f0[i], y[i], phi[i, p], phi_x[p], h[i, p, q])),
)
_VELOCITY = -eta * sp.Sum(phi_x[r] * sp.Derivative(loss(w), w[r]), (r, 1, D))
"""⟨φ_0(x), dw/dt⟩ along the gradient flow of the loss with step η."""


def _driven_by(slope: sp.Expr, weight: sp.Expr = 1 / N) -> sp.Expr:
    """-η · weight · Σ_i k_0(x, x_i) slope_i."""
    return -eta * weight * sp.Sum(k0(i) * slope, (i, 1, N))


def _point(features: list[list[object]], test: list[object], weights: list[object], curvature: object) -> Point:
    """Examples with these gradients at the start; the curvature is on the diagonal, the same for all examples."""
    count, size = len(features), len(test)
    places = [(n, a, b) for n in range(1, count + 1) for a in range(1, size + 1) for b in range(1, size + 1)]
    return {
        N: count,
        D: size,
        eta: sp.Rational(1, 3),
        phi: entries(features),
        phi_x: family(*test),
        w: family(*weights),
        w0: family(*(sp.Rational(1, a + 1) for a in range(1, size + 1))),
        f0: family(*(sp.Rational((-1) ** n, n + 1) for n in range(count))),
        y: family(*((-1) ** n for n in range(count))),
        h: {place: sp.Rational(curvature) * sp.KroneckerDelta(*place[1:]) for place in places},
    }


_LOSSES = (
    given_loss(u, label, sp.log(1 + sp.exp(-label * u))),
    given_loss(u, label, (u - label) ** 4 / 4),
    given_loss(u, label, sp.sqrt(1 + (u - label) ** 2)),
)
_NETWORKS = (
    _point([["1", "2"], ["-1", "1/2"], ["0", "3"]], ["2", "-1"], ["2", "-1"], 1),
    _point([["1", "0", "2"], ["3", "1", "-1"]], ["1", "1", "1"], ["0", "1", "2"], "1/2"),
    _point([["1"], ["2"]], ["3"], ["3/2"], 2),
)
_POINTS: tuple[Point, ...] = tuple({**network, **given} for network in _NETWORKS for given in _LOSSES)
_ROUTES = (
    Derivation(name="the chain rule", derive=sum_identities.by_rules, spots=_POINTS[:4]),
    Certificate(name="balls at small networks and three losses", points=_POINTS),
)

DS_OTHER_LOSS = Claim(
    id="ds-other-loss",
    title="For other losses the predictions of the linearised network follow the same kind of differential equation",
    source=Source(
        document=Document.DS,
        where="'Other loss functions'",
        printed="Can use other losses than square loss; get same kind of ODE "
        '$dif/(dif t) f^"lin" (bold(x); bold(w)_t) = -eta/N bold(k)_0(bold(x)) [nabla_hat(bold(y)) L_S (hat(bold(y)), '
        "bold(y)_i) |_(hat(bold(y)) = f(bold(x)_i, bold(w)_t))]_(i=1)^N$",
    ),
    hypotheses=(
        '$f^"lin"(bold(x)_i; bold(w)) = f_(0,i) + chevron.l phi_i, bold(w) - bold(w)_0 chevron.r$, $phi_i = nabla '
        "f(bold(x)_i; bold(w)_0)$; $phi_x = nabla f(bold(x); bold(w)_0)$ at the test point, $k_0(i) = chevron.l phi_x, "
        "phi_i chevron.r$.",
        '$dif bold(w) \\/ dif t = -eta nabla L_S$ with $L_S = 1\\/N sum_i ell(f^"lin"(bold(x)_i; bold(w)), y_i)$: the '
        "flow of the linearised network. On the left the velocity of its prediction at any $bold(w)$, by the chain "
        "rule.",
        "$ell$ is any loss that is differentiable in the prediction; $L_S (hat(y), y_i)$ on the slide is read as "
        "$ell(hat(y), y_i)$, as $L_S$ itself has other arguments.",
        '$f$ is a network of second order in the weights, $f = f^"lin" + 1\\/2 (bold(w) - bold(w)_0)^top h (bold(w) - '
        "bold(w)_0)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed: the loss is differentiated at the prediction of the network.",
            statement=Identity(
                lhs=_VELOCITY, rhs=_driven_by(label_loss_slope(f(i), y[i])), where=_WHERE, domain=_DOMAIN
            ),
            routes=_ROUTES,
        ),
        Form(
            role=Role.CORRECTED,
            remark="At the prediction of the linearised network.",
            statement=Identity(
                lhs=_VELOCITY, rhs=_driven_by(label_loss_slope(f_lin(i), y[i])), where=_WHERE, domain=_DOMAIN
            ),
            routes=_ROUTES,
            mutants=(
                Mutant(
                    name="the derivative of the mean loss L_S",
                    why_false="It has a factor $1\\/N$ of its own, so $1\\/N$ would count twice.",
                    change={"rhs": _driven_by(label_loss_slope(f_lin(i), y[i]), weight=1 / N**2)},
                ),
                Mutant(
                    name="without 1/N",
                    why_false="That is the flow of the sum of the losses, $N$ times as fast.",
                    change={"rhs": _driven_by(label_loss_slope(f_lin(i), y[i]), weight=sp.S.One)},
                ),
                Mutant(
                    name="the residual of the square loss",
                    why_false="$partial_1 ell$ is the residual for the square loss alone.",
                    change={"rhs": _driven_by(f_lin(i) - y[i])},
                ),
                Mutant(
                    name="the slope at the start",
                    why_false="The predictions have moved since.",
                    change={"rhs": _driven_by(label_loss_slope(f0[i], y[i]))},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note='The equation is one for $f^"lin"$ only if $f^"lin"$ stands on both sides, as it does for the square loss on '
    "the slide 'Linearized solution'. With $f$ on the right it holds approximately while $f approx f^\"lin\"$; for the "
    "flow of the network itself the kernel would be $chevron.l nabla f(bold(x); bold(w)_0), nabla f(bold(x)_i; "
    "bold(w)_t) chevron.r$ besides. $L_S$ on the slide has to be the loss $ell$ of one example.",
)

DS_OTHER_NO_CLOSED = Claim(
    id="ds-other-noclosed",
    title="For other losses there is not necessarily a closed form",
    source=Source(
        document=Document.DS,
        where="'Other loss functions'",
        printed="Doesn't necessarily have a closed form anymore",
    ),
    hypotheses=(),
    forms=(),
    expected=Verdict.UNTESTABLE,
    note="What counts as a closed form is left open. For one example and the logistic loss with $y = 1$ the equation "
    "is $f' = eta k \\/ (1 + e^f)$, whose solution is implicit, $f + e^f = eta k t + c$, and explicit with Lambert's "
    "$W$.",
)

CLAIMS = (DS_OTHER_LOSS, DS_OTHER_NO_CLOSED)
