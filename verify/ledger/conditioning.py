"""What Lemma 12.1 of Lecture 12 needs of the inputs: no two of one direction, and constants that know their angles."""

import sympy as sp

from derivations.dual_bounds import by_dual_parts
from derivations.matrix_expressions import smallest_eigenvalue
from derivations.sum_bounds import Part
from verify.claim import (
    Certificate,
    Claim,
    Derivation,
    Document,
    Form,
    Mutant,
    Point,
    Role,
    Source,
)
from verify.ledger._feature_matrix import (
    ACROSS,
    ENDS,
    HALF,
    KERNEL,
    LENGTH,
    NEURONS,
    SIZES,
    TOTAL,
    VECTOR,
    K,
    network_with,
    rho,
)
from verify.ledger._lecture_network import (
    CONVENTION,
    NETWORK,
    SETUP,
    START,
    n,
)
from verify.statement import Inequality
from verify.verdict import Verdict

c = sp.Symbol("c", positive=True)

_TWO: tuple[Point, ...] = tuple(
    {**network_with(NEURONS, inputs, direction), c: sp.Rational(constant)}
    for inputs, direction, constant in (
        ([["3/5", "4/5"], ["3/5", "4/5"]], ["1", "-1"], "1"),
        ([["3/5", "4/5"], ["6/5", "8/5"]], ["2", "-1"], "1/100"),
        ([["1", "0"], ["0", "1"], ["1", "0"]], ["1", "0", "-1"], "1/1000"),
    )
)
"""The same input twice, an input and its double, and the same input twice among others."""
_RHO = (rho, sp.Interval.open(-1, 1))
_ANGLE = (sp.acos(rho), sp.Interval(0, sp.pi))
_CORRELATIONS: tuple[Point, ...] = tuple(
    {rho: sp.Rational(value)} for value in ("1/2", "-9/10", "0", "99/100", "9999/10000", "-1/3")
)
_SMALLEST, _LARGEST = HALF - K(rho), HALF + K(rho)
_BALLS = (Certificate(name="eigenvalues in ball arithmetic", points=({},), covers_domain=True),)


def _matrix(*inputs: tuple[object, object]) -> sp.ImmutableMatrix:
    """The limit of φφᵀ at unit inputs of the plane."""
    at = [tuple(map(sp.Rational, one)) for one in inputs]
    return sp.ImmutableMatrix([[K(y * y_ + z * z_) for y_, z_ in at] for y, z in at])


_PAIRS = (("1", "0"), ("-1", "0"), ("3/5", "4/5"), ("-3/5", "-4/5"))
_ANTIPODES = _matrix(*_PAIRS)
_THREE_PAIRS = _matrix(*_PAIRS, ("5/13", "-12/13"), ("-5/13", "12/13"))

L12_LEM_12_1_HYPOTHESES = Claim(
    id="l12-lem-12.1-hypotheses",
    title="Lemma 12.1 needs inputs of which no two have the same direction, and constants that know their angles",
    source=Source(
        document=Document.L12,
        where="Lemma 12.1, its hypotheses",
        printed="When $theta^0$ is random, $phi$ is well-conditioned in the sense that $sigma_min (phi) approx "
        "1/sqrt(n) norm(phi)_F$ […]. Specifically, $sigma_min (phi) gt.tilde Omega(1/sqrt(n) norm(phi)_F)$.",
    ),
    hypotheses=(
        SETUP + " " + CONVENTION,
        ENDS,
        "Printed form: any inputs, as the lemma puts no hypothesis on them, and any constant $c$, however small.",
        "The other forms, at infinite width: $K(rho)$ is the entry of the limit of $phi phi^top$ at two unit inputs "
        "with the inner product $rho$, at the angle $arccos rho$. For two inputs the eigenvalues are $1\\/2 "
        "plus.minus K(rho)$, and $1\\/sqrt(n) norm(phi)_F$ tends to $1\\/sqrt(2)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="For all inputs: refuted by one input twice, or an input and its double, where the right side is 0, "
            "at every width and for every $c > 0$, unless no neuron is active at all.",
            statement=Inequality(
                lhs=c**2 / n * TOTAL * LENGTH,
                rhs=ACROSS,
                where=(NETWORK,),
                domain=(*SIZES, START, VECTOR, (c, sp.Interval.Lopen(0, 1))),
            ),
            routes=(Certificate(name="inputs of one direction", points=_TWO),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Two unit inputs of different directions: the smaller eigenvalue is at least the angle between them "
            "over $2 pi$ (for $rho < 0$ it is $1\\/2 + K(rho)$, see the next form).",
            statement=Inequality(lhs=sp.acos(rho) / (2 * sp.pi), rhs=_SMALLEST, where=(KERNEL,), domain=(_RHO, _ANGLE)),
            routes=(
                Derivation(
                    name="Price's theorem, and two factors",
                    derive=by_dual_parts(
                        Part(
                            "Correlations are at most 1, and angles at most $pi$.",
                            (1 - rho) * (sp.pi - sp.acos(rho)) / (2 * sp.pi),
                            given=(1 - rho, sp.pi - sp.acos(rho)),
                        )
                    ),
                    spots=_CORRELATIONS[2:5],
                ),
                Certificate(name="quadrature of the definition", points=_CORRELATIONS),
            ),
            mutants=(
                Mutant(
                    name="a bound that does not know the angle",
                    why_false="At $rho = 9999\\/10000$ the eigenvalue is $0.0023$.",
                    change={"lhs": sp.Rational(1, 100)},
                ),
                Mutant(
                    name="twice the bound",
                    why_false="For small angles the bound is sharp.",
                    change={"lhs": sp.acos(rho) / sp.pi},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="And so is the other one, for $rho < 0$ too.",
            statement=Inequality(lhs=sp.acos(rho) / (2 * sp.pi), rhs=_LARGEST, where=(KERNEL,), domain=(_RHO, _ANGLE)),
            routes=(
                Derivation(
                    name="Price's theorem, and two factors",
                    derive=by_dual_parts(
                        Part(
                            "Correlations are at least $-1$, and angles at most $pi$.",
                            (1 + rho) * (sp.pi - sp.acos(rho)) / (2 * sp.pi),
                            given=(1 + rho, sp.pi - sp.acos(rho)),
                        )
                    ),
                    spots=_CORRELATIONS[:3],
                ),
                Certificate(name="quadrature of the definition", points=_CORRELATIONS),
            ),
            mutants=(
                Mutant(
                    name="with twice the kernel",
                    why_false="At $rho = -9\\/10$ the bound is close: the eigenvalue is less than $1\\/100$ above it.",
                    change={"rhs": HALF + 2 * K(rho)},
                ),
                Mutant(
                    name="twice the bound",
                    why_false="At $rho = -9\\/10$ the angle is near $pi$, and twice the bound near 1.",
                    change={"lhs": sp.acos(rho) / sp.pi},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Opposite directions do no harm by themselves: two independent inputs of the plane and their "
            "negatives.",
            statement=Inequality(
                lhs=sp.Rational(1, 5), rhs=smallest_eigenvalue(_ANTIPODES), where=(KERNEL,), domain=()
            ),
            routes=_BALLS,
            mutants=(
                Mutant(
                    name="with an input twice in place of its negative",
                    why_false="Two rows are equal: the smallest eigenvalue is 0.",
                    change={"rhs": smallest_eigenvalue(_matrix(("1", "0"), ("1", "0"), ("3/5", "4/5")))},
                ),
                Mutant(
                    name="with three inputs and their negatives",
                    why_false="Three inputs of the plane are dependent, and the combination of the six features along "
                    "the dependence vanishes.",
                    change={"rhs": smallest_eigenvalue(_THREE_PAIRS)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="'No two inputs are parallel, and none is zero' is enough for $bold(K)^infinity$ to be positive definite: "
    "$sum_i c_i bb(1)(w^top x_i > 0) x_i$ jumps by $c_i x_i$ across the hyperplane of $x_i$, so if it vanishes all "
    "$c_i$ do. Two inputs of the same direction are never allowed; opposite ones are, if the directions of the "
    "opposite pairs are linearly independent: for a pair $plus.minus x$ the jumps cancel where both features together "
    "are the constant $x$. And the constant depends on the angles: two inputs at the angle $eta$ have $sigma_min^2 -> "
    "1\\/2 - K(cos eta) approx eta\\/(2 pi)$, so none that depends on $n$ and $d$ alone will do ($Theta_(d,n)$ hides "
    "no angles).",
)

CLAIMS = (L12_LEM_12_1_HYPOTHESES,)
