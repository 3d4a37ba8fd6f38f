"""Kernels at initialisation beyond the fully connected network: convolutions and recurrence, with shared weights."""

from collections.abc import Callable

import sympy as sp

from derivations.expressions import Expect, Iterate, relu, step
from derivations.kernels import relu_nngp, relu_ntk
from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Centred, Scaling
from verify.experiments.architectures import CONVOLUTIONAL_NTK, RECURRENT_NTK
from verify.experiments.initialisation import RELU_NTK, ntk
from verify.ledger.initialisation import HALF_INTEGER_MARGIN
from verify.quantities import notation
from verify.statement import Direction, Limit, Rate
from verify.verdict import Verdict

Domain = tuple[tuple[sp.Basic, sp.Set], ...]
Definitions = tuple[tuple[sp.Expr, sp.Expr], ...]

m, L, T, S = sp.symbols("m L T S", integer=True, positive=True)
rho = sp.Symbol("rho", positive=True)
rho_0, rho_1 = sp.symbols("rho_0 rho_1", real=True)
u, v, K, D = sp.symbols("u v K D", real=True)
h, k = sp.symbols("h k", integer=True, nonnegative=True)
Theta = sp.Symbol(notation("ntk_of_architecture", typst="Theta_oo", latex=r"\Theta_\infty", text="Θ_∞"), real=True)

_FULLY_CONNECTED = Measurement(name="random networks of growing width", experiment=RELU_NTK)
_CONVOLUTIONAL = Measurement(name="random networks of growing width", experiment=CONVOLUTIONAL_NTK)
_RECURRENT = Measurement(name="random networks of growing width", experiment=RECURRENT_NTK)

# Convolutions: filters as long as the circle of three pixels, so that every pixel sees the image from where it is.

_CORRELATIONS = ((rho_0, sp.Rational(-1, 3)), (rho_1, sp.Rational(5, 9)))


def _pooled(kernel: Callable[[sp.Expr], sp.Expr]) -> sp.Expr:
    """The mean over the three shifts of a kernel of the correlation."""
    return (kernel(rho_0) + 2 * kernel(rho_1)) / 3


# Recurrence: K_1 = start, K_{t+1} = E[σ(u)σ(v)] + ρ/2 over unit variances and covariance K_t; the recursion
# D_1 = K_1, D_{t+1} = K_{t+1} + E[σ'(u)σ'(v)] D_t gathers what W and U add.


def _pair(covariance: sp.Expr) -> list[list[sp.Expr]]:
    return [[sp.S.One, covariance], [covariance, sp.S.One]]


def _state(time: sp.Expr, start: sp.Expr) -> Iterate:
    """K_time."""
    return Iterate(Expect(relu(u) * relu(v), (u, v), _pair(K)) + rho / 2, K, h, start, time - 1)


def _output(time: sp.Expr, start: sp.Expr) -> sp.Expr:
    """2 E[σ(u)σ(v)] at K_time, the covariance of the outputs."""
    return 2 * Expect(relu(u) * relu(v), (u, v), _pair(_state(time, start)))


def _recurrent(time: sp.Expr, start: sp.Expr) -> sp.Expr:
    """The kernel: 2 E[σ(u)σ(v)] + 2 E[σ'(u)σ'(v)] D_time, both at K_time."""
    slope = Expect(step(u) * step(v), (u, v), _pair(_state(k, start)))
    gathered = Iterate(D * slope + _state(k + 1, start), D, k, start, time - 1)
    last = 2 * Expect(step(u) * step(v), (u, v), _pair(_state(time, start)))
    return _output(time, start) + last * gathered


_EQUAL = ((T, sp.FiniteSet(3)), (S, sp.FiniteSet(3)))
_UNEQUAL = ((T, sp.FiniteSet(3)), (S, sp.FiniteSet(2)))
_ALIGNED = rho / sp.sqrt(2)
"""K at the second time of the longer sequence and the first of the shorter: inputs of norms √½ and 1."""
_NORMAL_ERROR = Scaling(
    exponent=-0.5,
    shape="half-normal",
    drift=0.03,
    source="central limit theorem; independent pilot: the logarithm of the error has the half-normal's spread, 1.1",
)


def _tends(
    remark: str,
    value: sp.Expr,
    tolerance: sp.Rational,
    route: Measurement,
    *,
    domain: Domain,
    where: Definitions = (),
    design: Centred,
    mutants: tuple[Mutant, ...],
) -> tuple[Form, Form]:
    """The limit of the empirical kernel of an architecture, and the rate it is approached at."""
    definitions = ((Theta, value), *where)
    limit = Limit(quantity=ntk, value=Theta, tolerance=tolerance, along=m, where=definitions, domain=domain)
    rate = Rate(
        quantity=sp.Abs(ntk - Theta),
        exponent=sp.Rational(-1, 2),
        direction=Direction.EXACTLY,
        margin=sp.Rational(1, 4),
        along=m,
        where=definitions,
        domain=domain,
    )
    return (
        Form(role=Role.TESTED, remark=remark, statement=limit, routes=(route,), design=design, mutants=mutants),
        Form(
            role=Role.TESTED,
            remark="The rate.",
            statement=rate,
            routes=(route,),
            design=_NORMAL_ERROR,
            mutants=(
                Mutant(
                    name="rate 1/m",
                    why_false="The variance of the empirical NTK is of order $1\\/m$, not $1\\/m^2$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
                Mutant(name="no convergence", why_false="The error does shrink.", change={"exponent": sp.S.Zero}),
            ),
        ),
    )


DS_INIT_GENERAL = Claim(
    id="ds-init-general",
    title="The empirical kernel of a wide network of any architecture is nearly constant at initialisation",
    source=Source(
        document=Document.DS,
        where="'NTK at initialization'",
        printed="for essentially any neural network architecture (CNNs, RNNs, GNNs, ...) in the limit as the network "
        'becomes wider, for appropriate Gaussian-distributed $bold(w)$, it holds that the "empirical NTK" $k_bold(w)$ '
        "converges almost surely to $bb(E)_bold(w) k_bold(w)$",
    ),
    hypotheses=(
        "Spot checks: three architectures, ReLU, all weights independent $cal(N)(0, 1)$ in the NTK parametrisation and "
        "trained, no biases, one output; $m$ is the number of neurons or channels of every hidden layer.",
        "Convergence in probability, which the almost sure one implies for any coupling of the widths; to the limit of "
        "the mean, which each form states by the recursion of its architecture.",
        "Fully connected: $L$ hidden layers, unit inputs with $x^top x' = 1\\/2$.",
        "Convolutional: $L$ convolutions with filters of three taps on a circle of three pixels, ReLU, mean over the "
        "pixels, read-out; the images $(5, 1, 1)\\/3$ and $(-1, 1, 1)$, so that $rho_0$ is the correlation "
        "of one with the other, and $rho_1$ that with the other shifted by one or two pixels.",
        "Recurrent: $z_t = W h_(t-1)\\/sqrt(m) + U x_t$, $h_t = max(z_t, 0)$, $h_0 = 0$, $f = sqrt(2\\/m) V h_T$, for "
        "sequences of $T$ and of $S$ inputs; $norm(x_1) = 1$, all others have the norm $sqrt(1\\/2)$; inputs of "
        "different sequences have the correlation $rho = 1\\/2$.",
    ),
    forms=(
        *_tends(
            "Fully connected.",
            relu_ntk(L, rho),
            sp.Rational(1, 5),
            _FULLY_CONNECTED,
            domain=((L, sp.FiniteSet(1, 2, 3)),),
            design=Centred(centre=relu_ntk(L, rho), scale=6.6, bias=1.4, source="pilot at L = 3"),
            mutants=(
                Mutant(
                    name="the NNGP kernel",
                    why_false="$Sigma^((L))$ lacks the terms of all weights before the read-out.",
                    change={"value": relu_nngp(L, rho)},
                ),
                Mutant(
                    name="the kernel of one layer less",
                    why_false="It is less by $0.44$, $0.41$ and $0.39$.",
                    change={"value": relu_ntk(L - 1, rho)},
                ),
            ),
        ),
        *_tends(
            "Convolutional: the mean over the shifts of the kernel of fully connected networks.",
            _pooled(lambda shift: relu_ntk(L, shift)),
            sp.Rational(1, 5),
            _CONVOLUTIONAL,
            domain=((L, sp.FiniteSet(1, 2)),),
            where=_CORRELATIONS,
            design=Centred(
                centre=_pooled(lambda shift: relu_ntk(L, shift)).subs(dict(_CORRELATIONS)),
                scale=2.6,
                bias=-0.6,
                source="pilot: 0.9 at L = 1, 2.4 at L = 2; bias of the median -0.5 and -2",
            ),
            mutants=(
                Mutant(
                    name="without pooling",
                    why_false="The kernel of the flattened network sees the images unshifted, at $rho_0$ only.",
                    change={"value": relu_ntk(L, rho_0)},
                ),
                Mutant(
                    name="one convolution less",
                    why_false="It is less by more than $0.4$.",
                    change={"value": _pooled(lambda shift: relu_ntk(L - 1, shift))},
                ),
            ),
        ),
        *_tends(
            "Recurrent, sequences of one length.",
            _recurrent(T, rho),
            sp.Rational(1, 4),
            _RECURRENT,
            domain=_EQUAL,
            design=Centred(centre=_recurrent(T, rho), scale=5, bias=-3.3, source="pilot: 4.5, bias of the median -3.3"),
            mutants=(
                Mutant(
                    name="the NNGP kernel",
                    why_false="It lacks the terms of $W$ and $U$.",
                    change={"value": _output(T, rho)},
                ),
                Mutant(
                    name="a fully connected network as deep",
                    why_false="That one sees its input once, and its weights have twice the variance.",
                    change={"value": relu_ntk(T, rho)},
                ),
            ),
        ),
        *_tends(
            "Recurrent, sequences of different lengths: they align at their ends, where the output is read.",
            _recurrent(S, _ALIGNED),
            sp.Rational(1, 4),
            _RECURRENT,
            domain=_UNEQUAL,
            design=Centred(
                centre=_recurrent(S, _ALIGNED), scale=3.7, bias=-3, source="pilot: 3.3, bias of the median -3"
            ),
            mutants=(
                Mutant(
                    name="weights of their own at every time",
                    why_false="If the last states came of different weights, they would be independent, and "
                    "the kernel $2 bb(E)[sigma(u)] bb(E)[sigma(v)] = 1\\/pi$.",
                    change={"value": 1 / sp.pi},
                ),
                Mutant(
                    name="a fully connected network as deep as the longer sequence",
                    why_false="That one sees its input once, and its weights have twice the variance.",
                    change={"value": relu_ntk(T, rho)},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=HALF_INTEGER_MARGIN + " Three architectures do not make 'essentially any': no experiment can. Weights shared "
    "over places or times are used again in the backward pass, and the limits are those one gets by taking them for "
    "independent copies there. The tolerances are below half of the distance to the mutants, each taken "
    "where it is farthest.",
)

CLAIMS = (DS_INIT_GENERAL,)
