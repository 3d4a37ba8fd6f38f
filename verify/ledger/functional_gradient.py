"""Gradient flow seen in function space: how the outputs of a network move while its parameters flow."""

from collections.abc import Sequence

import sympy as sp

from derivations import sum_identities
from derivations.activations import sigma, sigma_prime
from derivations.losses import given_loss, label_loss, label_loss_slope
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Route, Source
from verify.ledger._points import entries
from verify.statement import Identity
from verify.verdict import Verdict

n, m, d, q = sp.symbols("n m d q", integer=True, positive=True)
i, j, k, ell, o, p, r, s, u = sp.symbols("i j k ell o p r s u", integer=True)
t, z, guess, label = sp.symbols("t z f y", real=True)
A, W, V, U, x, y = (sp.IndexedBase(name, real=True) for name in ("A", "W", "V", "U", "x", "y"))
F, C, K = (sp.Function(name, real=True) for name in "FCK")

_NAT, _REAL = sp.S.Naturals, sp.S.Reals
SIZES = ((n, _NAT), (m, _NAT), (d, _NAT), (q, _NAT))
WEIGHTS = ((A[o, r], _REAL), (W[r, k], _REAL))
DATA = ((x[i, k], _REAL), (y[i, o], _REAL))


def preactivation(weights: sp.Expr) -> sp.Sum:
    """The pre-activation of a neuron at x_i, for these weights of the entry ℓ."""
    return sp.Sum(weights * x[i, ell], (ell, 1, d))


_NETWORK = (F(i, o, A, W), sp.Sum(A[o, r] * sigma(preactivation(W[r, ell])), (r, 1, m)))
_COST = (C(A, W), sp.Sum(label_loss(F(i, o, A, W), y[i, o]), (i, 1, n), (o, 1, q)) / n)


def paired(one: sp.Expr, other: sp.Expr) -> sp.Expr:
    """⟨∇one, ∇other⟩, over all the weights."""
    readout = sp.Derivative(one, A[u, s]) * sp.Derivative(other, A[u, s])
    first = sp.Derivative(one, W[s, k]) * sp.Derivative(other, W[s, k])
    return sp.Sum(readout, (u, 1, q), (s, 1, m)) + sp.Sum(first, (s, 1, m), (k, 1, d))


_KERNEL = (K(j, o, i, p), paired(F(j, o, A, W), F(i, p, A, W)))
TRAINED = (_KERNEL, _COST, _NETWORK)
_OUTPUT = (o, sp.Range(1, q + 1))
AT_REST = (*SIZES, _OUTPUT, *WEIGHTS, *DATA)
SLOPE = label_loss_slope(F(i, p, A, W), y[i, p])


def driven(slope: sp.Expr, at: sp.Expr, examples: tuple[object, ...] = (i, 1, n)) -> sp.Expr:
    """-(1/n) Σ_i Σ_p K_op(x_at, x_i) slope_ip."""
    return -sp.Sum(K(at, o, i, p) * slope, (p, 1, q), examples) / n


# Along a straight path with the velocities V and U: a derivative depends on the place and the velocity alone.

_ALONG = F(0, o, A, W, t)
_PATH = (
    F(i, o, A, W, t),
    sp.Sum((A[o, r] + t * V[o, r]) * sigma(preactivation(W[r, ell] + t * U[r, ell])), (r, 1, m)),
)
_READOUT_MOVES = sp.Sum(sp.Derivative(_ALONG, A[u, s]) * V[u, s], (u, 1, q), (s, 1, m))
_FIRST_MOVES = sp.Sum(sp.Derivative(_ALONG, W[s, k]) * U[s, k], (s, 1, m), (k, 1, d))


def _network(  # noqa: PLR0917 - the parts of one network and its data
    formula: sp.Expr,
    loss: sp.Expr,
    readout: Sequence[Sequence[object]],
    weights: Sequence[Sequence[object]],
    inputs: Sequence[Sequence[object]],
    labels: Sequence[Sequence[object]],
) -> Point:
    """A network with σ(z) = `formula` and a loss ℓ(f, y); the first input is the test point x*, which has number 0."""
    return {
        n: len(labels),
        m: len(weights),
        d: len(weights[0]),
        q: len(readout),
        A: entries(readout),
        W: entries(weights),
        V: entries([[sp.Rational(value) + 1 for value in row] for row in readout]),
        U: entries([[2 - 3 * sp.Rational(value) for value in row] for row in weights]),
        x: {(row - 1, column): value for (row, column), value in entries(inputs).items()},
        y: entries(labels),
        o: len(readout),
        j: len(labels),
        t: sp.Rational(1, 3),
        sigma: sp.Lambda(z, formula),
        sigma_prime: sp.Lambda(z, formula.diff(z)),
        **given_loss(guess, label, loss),
    }


_SQUARE = (guess - label) ** 2 / 2
_LOGISTIC = sp.log(1 + sp.exp(-label * guess))
_NETWORKS: tuple[Point, ...] = (
    _network(
        sp.tanh(z),
        _LOGISTIC,
        [["1", "-1/2"], ["2", "1/3"]],
        [["1/2", "-1"], ["3/4", "1/3"]],
        [["1", "1"], ["1/2", "-2"], ["-1", "1"]],
        [["1", "-1"], ["-1", "1"]],
    ),
    _network(
        sp.sin(z) + z**2,
        _SQUARE,
        [["1", "2"], ["-1", "1/2"]],
        [["1"], ["-2/3"]],
        [["1/2"], ["2"], ["-1"], ["1/3"]],
        [["0", "1"], ["1", "-1"], ["2", "1/2"]],
    ),
    _network(z**3 - z, _SQUARE, [["2", "-1/3"]], [["3/2"], ["1/2"]], [["1"], ["2"], ["-1/2"]], [["-1"], ["1"]]),
)


def routes(points: tuple[Point, ...] = _NETWORKS) -> tuple[Route, ...]:
    """Calculation by the rules of finite sums, and balls at small networks."""
    return (
        Derivation(name="the chain rule", derive=sum_identities.by_rules, spots=points[-1:]),
        Certificate(name="balls at small networks", points=points),
    )


SETTING = (
    "$F(i, o, A, W) = sum_r A_(o r) sigma(bold(w)_r^top bold(x)_i)$ is output $o$ of a two-layer network with all "
    "weights trained, any widths and any differentiable $sigma$; $bold(x)_0 = bold(x)^*$ is any input, and "
    "$bold(x)_1, dots, bold(x)_n$ are the training inputs. A constant input and a constant neuron stand for biases.",
    "$C = cal(L) = 1/n sum_i sum_o ell(F(i, o), y_(i o))$, with any differentiable loss $ell$ of an output; "
    "$partial_1 ell$ is its derivative in the output, an entry of $nabla_cal(F) ell(cal(F), y_i)$.",
    "$K_(o p) (bold(x)_j, bold(x)_i) = chevron.l nabla_theta F(j, o), nabla_theta F(i, p) chevron.r$, written "
    "$K(j, o, i, p)$; the parameters flow with $dif theta \\/ dif t = -nabla_theta cal(L)$, so that an output changes "
    "at the speed $-chevron.l nabla_theta F, nabla_theta cal(L) chevron.r$.",
)
_FLOWING = Identity(lhs=-paired(F(0, o, A, W), C(A, W)), rhs=driven(SLOPE, sp.S.Zero), where=TRAINED, domain=AT_REST)

KW_ID_FUNCSPACE = Claim(
    id="kw-id-funcspace",
    title="Along gradient flow every output moves with the kernel and the slopes of the loss",
    source=Source(
        document=Document.KW,
        where="slide 'Gradient Descent: Function Space', first display",
        printed="$(dif cal(F)(bold(x)^*))/(dif t) = (dif cal(F)(bold(x)^*))/(dif theta) (dif theta)/(dif t) = -1/n "
        "sum_(i=1)^n nabla_theta cal(F)(bold(x)^*)^top nabla_theta cal(F)(bold(x)_i) nabla_cal(F) ell(cal(F), y_i)$",
    ),
    hypotheses=(
        *SETTING,
        "First equation: $F(i, o, A, W, t)$ is the output at the weights $A + t V$ and $W + t U$; a derivative in time "
        "depends on the place and the velocity alone, so that straight paths are all that is needed.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The first equation, the chain rule.",
            statement=Identity(
                lhs=sp.Derivative(_ALONG, t),
                rhs=_READOUT_MOVES + _FIRST_MOVES,
                where=(_PATH,),
                domain=(*AT_REST[:-1], (V[o, r], _REAL), (U[r, k], _REAL), (t, _REAL)),
            ),
            routes=routes(),
            mutants=(
                Mutant(
                    name="without the first layer",
                    why_false="Its weights move, and the output with them.",
                    change={"rhs": _READOUT_MOVES},
                ),
                Mutant(
                    name="without the read-out",
                    why_false="Its weights move, and the output with them.",
                    change={"rhs": _FIRST_MOVES},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The second, with the velocity of the flow.",
            statement=_FLOWING,
            routes=routes(),
            mutants=(
                Mutant(
                    name="without 1/n",
                    why_false="The loss is a mean over $n >= 2$ examples, and the speed is not zero here.",
                    change={"rhs": n * driven(SLOPE, sp.S.Zero)},
                ),
                Mutant(
                    name="the first example alone",
                    why_false="The other examples move the output too.",
                    change={"rhs": driven(SLOPE, sp.S.Zero, (i, 1, 1))},
                ),
                Mutant(
                    name="up the gradient",
                    why_false="The speed is not zero here.",
                    change={"rhs": -driven(SLOPE, sp.S.Zero)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The sum is over all training examples, the one at $bold(x)^*$ among them if it is one; for several outputs "
    "the kernel is a matrix, and an output is moved by the losses of the others.",
)

CLAIMS = (KW_ID_FUNCSPACE,)
