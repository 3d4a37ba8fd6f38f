"""The pseudo-NTK in place of the kernel of all outputs: how far off it is at finite width."""

import sympy as sp

from derivations import sum_identities
from derivations.kernels import relu_ntk
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.decide.design import Centred, Scaling
from verify.experiments.pseudo_ntk import block_entry, diagonal_gap, kernel_error, sum_gap
from verify.ledger._pseudo_ntk import DEPTHS, INPUTS, NETWORK, NETWORKS, RATE_PRINTED, L, m
from verify.statement import Direction, Identity, Limit, Rate
from verify.verdict import Verdict

O = sp.Symbol("O", integer=True, positive=True)  # noqa: E741 - the document's name of the number of outputs
p, gamma = sp.symbols("p gamma", real=True)
a, b, c, d, j, k, r, s = sp.symbols("a b c d j k r s", integer=True)
E = sp.Function("E", real=True)
_delta = sp.KroneckerDelta

# One hidden layer, moments exactly: Θ_jk(x, x') less the part δ_jk of the read-out is 2γ/m Σ_r 1_r v_jr v_kr.

_MOMENT = (
    E(r, s, j, k, a, b),
    (p**2 + _delta(r, s) * (p - p**2))
    * (_delta(j, k) * _delta(a, b) + _delta(r, s) * (_delta(j, a) * _delta(k, b) + _delta(j, b) * _delta(k, a))),
)
_EXACT = (
    (m, sp.S.Naturals),
    (O, sp.S.Naturals),
    (p, sp.Interval(0, 1)),
    (gamma, sp.S.Reals),
)
_ONE_LAYER = (
    "The mean square: one hidden layer, $gamma = x dot x'$, $1_r$ tells whether neuron $r$ is active at both inputs, "
    "$p$ is the probability of it, $(pi - theta)\\/(2 pi)$ at the angle $theta$. The kernel is "
    "$hat(Theta)_(j k) (x, x') = delta_(j k) A + B_(j k)$ "
    "with $B_(j k) = (2 gamma)\\/m sum_r 1_r v_(j r) v_(k r)$; $A$, the same in every diagonal block, is in $tilde(k)$ "
    "too. $E(r, s, j, k, a, b)$ stands for $bb(E)[1_r 1_s v_(j r) v_(k r) v_(a s) "
    "v_(b s)]$, by the moments of the normal distribution."
)


def _neurons(term: sp.Expr) -> sp.Expr:
    """The sum over pairs of neurons in the mean of a product of two entries of B."""
    return (2 * gamma / m) ** 2 * sp.Sum(term, (r, 1, m), (s, 1, m))


def _outputs(term: sp.Expr, *indices: sp.Symbol) -> sp.Expr:
    return sp.Sum(term, *((index, 1, O) for index in indices))


_SQUARED_DISTANCE = (
    _outputs(_neurons(E(r, s, j, k, j, k)), j, k)
    - 2 * _outputs(_neurons(E(r, s, j, j, a, b)), j, a, b) / O
    + _outputs(_neurons(E(r, s, a, b, c, d)), a, b, c, d) / O
)
"""E Σ_jk (B_jk - δ_jk Σ_ab B_ab/O)², multiplied out."""


def _point(outputs: int, width: int, probability: str, product: str) -> Point:
    return {O: outputs, m: width, p: sp.Rational(probability), gamma: sp.Rational(product)}


_POINTS = (_point(2, 3, "1/3", "1/2"), _point(3, 2, "1/2", "1"), _point(3, 4, "1/5", "-3/4"))
_ROUTES = (
    Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_POINTS),
    Certificate(name="balls at small networks", points=_POINTS),
)

_THETA = relu_ntk(L, sp.Rational(3, 5))
_DROP_PRINTED = (
    "For the infinite NTK, we can actually ignore the $O$ part. Has form $bold(K) times.o bold(I)$ […] For empirical "
    "NTK, we can get rid of the $O$ too!"
)

DS_DROP_O = Claim(
    id="ds-drop-O",
    title="The empirical kernel of several outputs is K ⊗ I as well, in the limit",
    source=Source(document=Document.DS, where="'Computing empirical NTKs'", printed=_DROP_PRINTED),
    hypotheses=(
        NETWORK,
        "Limits: $O = 3$, at unit inputs with $x dot x' = 3\\/5$; $tilde(k)$ is the pseudo-NTK of the next slide.",
        _ONE_LAYER,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Blocks of different outputs tend to 0 […]",
            statement=Limit(
                quantity=block_entry,
                value=sp.S.Zero,
                tolerance=sp.Rational(1, 10),
                along=m,
                domain=DEPTHS,
            ),
            routes=(NETWORKS,),
            design=Centred(centre=sp.S.Zero, scale=1.7, source="exact variance at L = 1; pilot at L = 2: 1.53"),
            mutants=(
                Mutant(
                    name="the same kernel between all outputs",
                    why_false="$bold(K) times.o bold(1) bold(1)^top$ would need $Theta^((L)) > 1$ off the diagonal.",
                    change={"value": _THETA},
                ),
                Mutant(
                    name="the kernel shared out among the outputs",
                    why_false="The read-outs of different outputs are independent: the mean is 0.",
                    change={"value": _THETA / 3},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="[…] and a diagonal block is what takes the place of all.",
            statement=Limit(
                quantity=diagonal_gap,
                value=sp.S.Zero,
                tolerance=sp.Rational(1, 10),
                along=m,
                domain=DEPTHS,
            ),
            routes=(NETWORKS,),
            design=Centred(centre=sp.S.Zero, scale=2.8, source="pilot: 1.2 at L = 1, 2.5 at L = 2"),
            mutants=(
                Mutant(
                    name="the kernel of the sum, not divided by O",
                    why_false="It is three times as large, so that the gap tends to $-2 Theta^((L))$.",
                    change={"quantity": sum_gap},
                    design=Centred(centre=-2 * _THETA, scale=12, source="pilot: 5.3 at L = 1, 10.7 at L = 2"),
                ),
                Mutant(
                    name="a third of the kernel is left",
                    why_false="Nothing is: both sides have the mean $Theta^((L))$ up to order $1\\/m$.",
                    change={"value": _THETA / 3},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="At finite width it is not so: the mean square of an entry between two outputs.",
            statement=Identity(
                lhs=_neurons(E(r, s, 1, 2, 1, 2)), rhs=4 * gamma**2 * p / m, where=(_MOMENT,), domain=_EXACT
            ),
            routes=_ROUTES,
            mutants=(
                Mutant(
                    name="equality at finite width",
                    why_false="The entry is a sum of products that do not vanish.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="of order 1/m",
                    why_false="Independent terms of mean 0 add up to the root of their number.",
                    change={"rhs": 4 * gamma**2 * p / m**2},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The slide can only mean an approximation, and the next one says so: equality holds at no finite width, where "
    "entries between different outputs are of order $m^(-1\\/2)$, by the last form.",
)

DS_PNTK_RATE_KERNEL = Claim(
    id="ds-pntk-rate-kernel",
    title="The pseudo-NTK approaches the empirical kernel like $m^(-1\\/2)$",
    source=Source(document=Document.DS, where="'Pseudo-NTK'", printed=RATE_PRINTED),
    hypotheses=(
        NETWORK,
        "The rate: the distance from $tilde(k) times.o I$, over the norm of the kernel itself. " + INPUTS,
        _ONE_LAYER,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="An upper bound of the rate, for one and two hidden layers.",
            statement=Rate(
                quantity=kernel_error,
                exponent=sp.Rational(-1, 2),
                direction=Direction.AT_MOST,
                margin=sp.Rational(1, 10),
                along=m,
                domain=DEPTHS,
            ),
            routes=(NETWORKS,),
            design=Scaling(
                exponent=-0.5, shape="log-normal", log_sd=0.26, drift=0.02, source="pilot: 0.23; exponent -0.494"
            ),
            mutants=(
                Mutant(
                    name="rate 1/m",
                    why_false="The variance is of order $1\\/m$, by the second form.",
                    change={"exponent": sp.S.NegativeOne},
                ),
                Mutant(
                    name="rate m^(-3/4)",
                    why_false="The variance is of order $1\\/m$, by the second form.",
                    change={"exponent": sp.Rational(-3, 4)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="One hidden layer: the mean square $bb(E) norm(hat(Theta)(x, x') - tilde(k)(x, x') I)_F^2$ exactly, "
            "for any number of outputs and any width.",
            statement=Identity(
                lhs=_SQUARED_DISTANCE,
                rhs=4 * gamma**2 * p * (O - 1) * (O + 4) / m,
                where=(_MOMENT,),
                domain=_EXACT,
            ),
            routes=_ROUTES,
            mutants=(
                Mutant(
                    name="the distance from the mean of the diagonal blocks",
                    why_false="The pseudo-NTK is not the nearest multiple of $I$: it has $O + 4$ for $O + 2$.",
                    change={"rhs": 4 * gamma**2 * p * (O - 1) * (O + 2) / m},
                ),
                Mutant(
                    name="a rate of 1/m",
                    why_false="The mean square is of order $1\\/m$, so that its root is of order $m^(-1\\/2)$.",
                    change={"rhs": 4 * gamma**2 * p * (O - 1) * (O + 4) / m**2},
                ),
                Mutant(
                    name="equality at finite width",
                    why_false="There are several outputs.",
                    change={"rhs": sp.S.Zero},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="Theory offers only exponents that are multiples of $1\\/2$; the margin of $1\\/10$ is well below half their "
    "distance. The mean square says more: at one hidden layer the order $m^(-1\\/2)$ is exact, and the distance grows "
    "like the number of outputs. The kernel of a single output in place of the pseudo-NTK is off by the same, as "
    "$sum_j v_j\\/sqrt(O)$ and $v_1$ have one law; the mean of the diagonal blocks would be a little nearer.",
)

CLAIMS = (DS_DROP_O, DS_PNTK_RATE_KERNEL)
