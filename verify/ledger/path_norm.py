"""The regulariser of Theorem 12.6, the path norm of a ReLU network, against weight decay."""

import sympy as sp

from derivations import homogeneity, sum_bounds, sum_identities
from derivations.expressions import normal_cdf, relu
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

m, d = sp.symbols("m d", integer=True, positive=True)
j, k = sp.symbols("j k", integer=True)
u, w, x = (sp.IndexedBase(name, real=True) for name in ("u", "w", "x"))
positive_c, positive_u, lengths = (sp.IndexedBase(name, positive=True) for name in ("c", "u", "N"))
N = sp.Function("N", real=True)
POSITIVE = sp.Interval.open(0, sp.oo)

_WEIGHT = (N(j), sp.sqrt(sp.Sum(w[j, k] ** 2, (k, 1, d))))
_PATH = sp.Sum(sp.Abs(u[j]) * N(j), (j, 1, m))
_DECAY = sp.Sum(u[j] ** 2 + N(j) ** 2, (j, 1, m)) / 2
_NEURONS: tuple[Point, ...] = tuple(
    {m: len(out), d: len(rows[0]), u: family(*out), w: entries(rows), x: family(*inputs), positive_c: family(*scales)}
    for out, rows, inputs, scales in (
        (["3", "5"], [["3", "0"], ["3", "-4"]], ["1", "-2"], ["2", "1/3"]),
        (["1", "2", "1/2"], [["1", "1"], ["0", "2"], ["-1", "3"]], ["1/2", "1"], ["1", "3", "1/2"]),
        (["7"], [["-1/2"]], ["-1"], ["5/4"]),
    )
)
_BALANCED: tuple[Point, ...] = tuple(
    {m: len(out), positive_u: family(*out), lengths: family(*sizes)}
    for out, sizes in ((["1", "2", "1/2"], ["1/3", "2", "4"]), (["7"], ["1/2"]), (["3", "5"], ["3", "5"]))
)
_WEIGHTS_DOMAIN = ((m, sp.S.Naturals), (d, sp.S.Naturals), (u[j], sp.S.Reals), (w[j, k], sp.S.Reals))
_SCALE = sp.Function("c", positive=True)(j)
_BALANCE = (_SCALE, sp.sqrt(lengths[j] / positive_u[j]))


def _neuron_sum(activation: type[sp.Function], scaled: bool) -> sp.Expr:
    factor = positive_c[j] if scaled else sp.S.One
    z = sp.Sum(w[j, k] / factor * x[k], (k, 1, d))
    return sp.Sum(factor * u[j] * activation(z), (j, 1, m))


L12_REGULARISER = Claim(
    id="l12-id-regulariser",
    title="Weight decay is at least the path norm, and equals it once every neuron is balanced",
    source=Source(
        document=Document.L12,
        where="Theorem 12.6",
        printed="the neural network regularized by $sum_(j=1)^m |u_j| norm(w_j)_2$",
    ),
    hypotheses=(
        "$f(x) = sum_j u_j sigma(w_j^top x)$ with the ReLU $sigma$; $N(j) = norm(w_j)_2$.",
        "In the last two forms $u_j$ and $N_j$ stand for $|u_j|$ and $norm(w_j)_2$, and no neuron has a zero among "
        "them; the factors $c_j$ are positive.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Half the sum of squares is at least the printed regulariser.",
            statement=Inequality(lhs=_PATH, rhs=_DECAY, where=(_WEIGHT,), domain=_WEIGHTS_DOMAIN),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=sum_bounds.by_parts(
                        Part("A sum of squares.", sp.Sum((sp.Abs(u[j]) - N(j)) ** 2, (j, 1, m)) / 2)
                    ),
                    spots=_NEURONS[:2],
                ),
                Certificate(name="balls at small networks", points=_NEURONS),
            ),
            mutants=(
                Mutant(
                    name="a quarter of the sum of squares",
                    why_false="The first network is balanced: both sides of the claim are equal.",
                    change={"rhs": _DECAY / 2},
                ),
                Mutant(
                    name="the products squared",
                    why_false="The first network is balanced, with norms greater than 1.",
                    change={"lhs": sp.Sum(u[j] ** 2 * N(j) ** 2, (j, 1, m))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Scaling the neurons changes nothing: $sigma$ is positively homogeneous.",
            statement=Identity(
                lhs=_neuron_sum(relu, scaled=True),
                rhs=_neuron_sum(relu, scaled=False),
                domain=(*_WEIGHTS_DOMAIN, (x[k], sp.S.Reals), (positive_c[j], POSITIVE)),
            ),
            routes=(
                Derivation(name="positive homogeneity", derive=homogeneity.positively_homogeneous, spots=_NEURONS[:2]),
                Certificate(name="balls at small networks", points=_NEURONS),
            ),
            mutants=(
                Mutant(
                    name="for the sigmoid Φ",
                    why_false="It is not homogeneous.",
                    change={
                        "lhs": _neuron_sum(normal_cdf, scaled=True),
                        "rhs": _neuron_sum(normal_cdf, scaled=False),
                    },
                ),
                Mutant(
                    name="with the read-out as it was",
                    why_false="Then the output of every neuron is divided by its factor.",
                    change={"lhs": sp.Sum(u[j] * relu(sp.Sum(w[j, k] / positive_c[j] * x[k], (k, 1, d))), (j, 1, m))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="With $c(j) = sqrt(norm(w_j)\\/|u_j|)$ half the sum of squares becomes the printed regulariser.",
            statement=Identity(
                lhs=sp.Sum((_SCALE * positive_u[j]) ** 2 + (lengths[j] / _SCALE) ** 2, (j, 1, m)) / 2,
                rhs=sp.Sum(positive_u[j] * lengths[j], (j, 1, m)),
                where=(_BALANCE,),
                domain=((m, sp.S.Naturals), (positive_u[j], POSITIVE), (lengths[j], POSITIVE)),
            ),
            routes=(
                Derivation(name="powers of the factors", derive=sum_identities.by_rules, spots=_BALANCED[:2]),
                Certificate(name="balls at small networks", points=_BALANCED),
            ),
            mutants=(
                Mutant(
                    name="without scaling",
                    why_false="The first network is not balanced.",
                    change={"lhs": sp.Sum(positive_u[j] ** 2 + lengths[j] ** 2, (j, 1, m)) / 2},
                ),
                Mutant(
                    name="with the inverse factors",
                    why_false="They unbalance the first network further.",
                    change={"where": ((_SCALE, 1 / _BALANCE[1]),)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="So minimising the loss with weight decay is minimising it with the printed regulariser: an $ell_1$ norm over "
    "neurons of norm 1.",
)

CLAIMS = (L12_REGULARISER,)
