"""The condition number of the kernel as a signal for trainability: deep ReLU networks, and linear models."""

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations import gradient_descent
from derivations.bernoulli import bernoulli
from derivations.deep_relu import deep_relu_ntk
from derivations.expressions import Iterate
from derivations.kernels import relu_ntk
from derivations.matrices import by_algebra
from derivations.matrix_expressions import largest_eigenvalue, smallest_eigenvalue
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

L, n = sp.symbols("L n", integer=True, positive=True)
rho, c, u = sp.symbols("rho c u", real=True)
lam, kappa, eta = sp.symbols("lambda kappa eta", positive=True)
remaining = sp.Symbol("c", nonnegative=True)
t = sp.Symbol("t", integer=True, nonnegative=True)
h = sp.Symbol("h", integer=True)
v = sp.MatrixSymbol("v", n, 1)

_SHALLOW: tuple[Point, ...] = tuple({L: depth, rho: sp.Rational(at)} for depth in (1, 2, 3) for at in ("0", "1/2"))
_DEEP: tuple[Point, ...] = tuple(
    {L: depth, rho: sp.Rational(at)} for depth in (1, 3, 10, 100, 1000, 3000) for at in ("0", "1/2")
)
_RATIO = deep_relu_ntk(L, rho) / (L + 1)
_CLOSE = sp.Rational(3, 5) * (1 + sp.log(L + 1)) / (L + 1)
_DEPTHS = ((L, sp.S.Naturals), (rho, sp.FiniteSet(0, sp.Rational(1, 2))))

J = sp.MatrixSymbol("J", n, n)
_DEEPEST = sp.Rational(3, 4) * sp.Identity(n) + sp.Rational(1, 4) * J
_ONES = (J * J - n * J, sp.FiniteSet(sp.ZeroMatrix(n, n)))
_BALANCED = (J * v, sp.FiniteSet(sp.ZeroMatrix(n, 1)))
_REGULAR = (sp.Determinant(_DEEPEST), sp.Interval.open(0, sp.oo))
_SIZE = (n, sp.S.Naturals)


def _real(*symbols: sp.MatrixSymbol) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    return tuple((symbol, MatrixSet(*symbol.shape, sp.S.Reals)) for symbol in symbols)


def _vectors(size: int, *balanced: object) -> Point:
    return {n: size, J: sp.ones(size, size), v: sp.Matrix([sp.Rational(value) for value in balanced])}


_VECTORS: tuple[Point, ...] = (
    _vectors(2, "1", "-1"),
    _vectors(3, "1", "1/2", "-3/2"),
    _vectors(5, "1", "-1", "2", "0", "-2"),
)
_GIVEN = ((J * J, n * J),)
_COUNTS: tuple[Point, ...] = tuple({n: size} for size in (2, 3, 5, 8))
_EXPLICIT = sp.Rational(3, 4) * sp.Identity(n) + sp.Rational(1, 4) * sp.OneMatrix(n, n)
_CONDITION = largest_eigenvalue(_EXPLICIT) / smallest_eigenvalue(_EXPLICIT)

_POSITIVE = sp.Interval.open(0, sp.oo)
_SLOWEST = Iterate(c - eta * lam * c, c, h, u, t)
_RATE = (eta, 1 / (kappa * lam))
"""1/λ_max."""
_RUNS: tuple[Point, ...] = tuple(
    {kappa: sp.Rational(condition), lam: sp.Rational(level), u: sp.Rational(start), t: steps}
    for condition, level, start, steps in (("4", "1/2", "1", 3), ("100", "3", "-2", 7), ("3/2", "1", "5", 4))
)
_SHARES: tuple[Point, ...] = tuple({kappa: point[kappa], t: point[t]} for point in _RUNS)
_STEPS: tuple[Point, ...] = tuple(
    {remaining: sp.Rational(value), t: steps}
    for value, steps in (("3/4", 2), ("99/100", 50), ("0", 3), ("1/2", 1), ("999/1000", 9))
)

DS_TRAINABILITY = Claim(
    id="ds-trainability",
    title="The condition number of the kernel tells how long training takes, and it grows with the number of examples",
    source=Source(
        document=Document.DS,
        where="'Useful signal for trainability of architectures', Figure 2",
        printed="Trainability and generalization are captured by $kappa^((l))$ and $P(Theta^((l)))$. […] The network "
        "is untrainable above the green line because $kappa^((l))$ is too large and is ungeneralizable above the "
        "orange line because $P(Theta^((l)))$ is too small.",
    ),
    hypotheses=(
        "$kappa$ is the condition number $lambda_max\\/lambda_min$ of the kernel matrix on $n$ examples; $P(Theta)$ "
        "the prediction $Theta(x, X) Theta(X, X)^(-1) y$ at a test point, without its mean.",
        "Deep networks: ReLU, $c_sigma = 2$, no biases (critical), unit inputs of any fixed correlation $rho < 1$; "
        "$L$ hidden layers; $Theta^((L))(rho)$ is the kernel at two inputs and $Theta^((L))(1) = L + 1$ its diagonal.",
        "At infinite depth the kernel matrix is a multiple of $3/4 I + 1/4 J$, with $J$ the matrix of ones, of which "
        "the identities use $J^2 = n J$, and $J v = 0$ for $v$ of mean 0; the rows of $J\\/4$ are of test points.",
        "Training: gradient descent on the linear model, at the rate $eta = 1\\/lambda_max$. The accuracies of the "
        "convolutional networks in the figure are data that cannot be had here.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The kernel by its definition and by arc cosines.",
            statement=Identity(
                lhs=relu_ntk(L, rho), rhs=deep_relu_ntk(L, rho), domain=((L, sp.S.Naturals), (rho, sp.Interval(-1, 1)))
            ),
            routes=(Certificate(name="quadrature of the definition", points=_SHALLOW, digits=20),),
            mutants=(
                Mutant(
                    name="one layer more",
                    why_false="Every layer adds its correlation.",
                    change={"rhs": deep_relu_ntk(L + 1, rho)},
                ),
                Mutant(
                    name="at half the correlation",
                    why_false="The kernel increases with the correlation; false for $rho > 0$.",
                    change={"rhs": deep_relu_ntk(L, rho / 2 + sp.Rational(1, 10))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Off the diagonal it tends to a quarter of the diagonal, at the rate $log L\\/L$.",
            statement=Inequality(lhs=sp.Abs(_RATIO - sp.Rational(1, 4)), rhs=_CLOSE, domain=_DEPTHS),
            routes=(Certificate(name="balls, layer by layer", points=_DEEP),),
            mutants=(
                Mutant(
                    name="to one half",
                    why_false="At $L = 3000$ it is $0.251$.",
                    change={"lhs": sp.Abs(_RATIO - sp.Rational(1, 2))},
                ),
                Mutant(
                    name="at the rate $1\\/L$",
                    why_false="At $L = 1000$ the distance is over three times $1\\/L$.",
                    change={"rhs": 1 / (L + 1)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="There the constant vectors, the columns of $J$, have the eigenvalue $(n + 3)\\/4$ […]",
            statement=Identity(lhs=_DEEPEST * J, rhs=(n + 3) * J / 4, domain=(_SIZE, *_real(J), _ONES)),
            routes=(
                Derivation(name="the algebra of matrices", derive=by_algebra(given=_GIVEN), spots=_VECTORS),
                Certificate(name="exact arithmetic at a few sizes", points=_VECTORS),
            ),
            mutants=(
                Mutant(
                    name="n/4",
                    why_false="The diagonal exceeds the other entries by $3\\/4$.",
                    change={"rhs": n * J / 4},
                ),
                Mutant(
                    name="for a ratio of 1/2",
                    why_false="The limit is $1\\/4$.",
                    change={"rhs": (n + 1) * J / 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="[…] and everything orthogonal to them $3\\/4$: so the condition number is $1 + n\\/3$.",
            statement=Identity(lhs=_DEEPEST * v, rhs=3 * v / 4, domain=(_SIZE, *_real(J, v), _BALANCED)),
            routes=(
                Derivation(
                    name="the algebra of matrices",
                    derive=by_algebra(given=((J * v, sp.ZeroMatrix(n, 1)),)),
                    spots=_VECTORS,
                ),
                Certificate(name="exact arithmetic at a few sizes", points=_VECTORS),
            ),
            mutants=(
                Mutant(name="the whole diagonal", why_false="It is 1.", change={"rhs": v}),
                Mutant(name="for a ratio of 1/2", why_false="The limit is $1\\/4$.", change={"rhs": v / 2}),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="That number itself.",
            statement=Identity(lhs=_CONDITION, rhs=1 + n / 3, domain=((n, sp.FiniteSet(2, 3, 5, 8)),)),
            routes=(Certificate(name="enclosed eigenvalues", points=_COUNTS, covers_domain=True),),
            mutants=(
                Mutant(
                    name="for a ratio of 1/2",
                    why_false="Then it would be $1 + n$.",
                    change={"rhs": 1 + n},
                ),
                Mutant(
                    name="whatever the number of examples",
                    why_false="It grows with $n$.",
                    change={"rhs": sp.Integer(2)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Such a network does not generalise: whatever the test point is, it predicts the sum of the labels "
            "over $n + 3$.",
            statement=Identity(
                lhs=J * _DEEPEST.I / 4,
                rhs=J / (n + 3),
                domain=(_SIZE, *_real(J), _ONES, _REGULAR),
            ),
            routes=(
                Derivation(
                    name="the algebra of matrices", derive=by_algebra(given=_GIVEN, right=_DEEPEST), spots=_VECTORS
                ),
                Certificate(name="exact arithmetic at a few sizes", points=_VECTORS),
            ),
            mutants=(
                Mutant(
                    name="the mean of the labels",
                    why_false="It is shrunk, by $n\\/(n + 3)$.",
                    change={"rhs": J / n},
                ),
                Mutant(name="as for a ratio of 1/2", why_false="The limit is $1\\/4$.", change={"rhs": J / (n + 1)}),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Training time: of the slowest component, of the eigenvalue $lambda = lambda_max\\/kappa$, gradient "
            "descent leaves the share $(1 - 1\\/kappa)^t$ after $t$ steps.",
            statement=Identity(
                lhs=_SLOWEST,
                rhs=(1 - 1 / kappa) ** t * u,
                where=(_RATE,),
                domain=((kappa, sp.Interval(1, sp.oo)), (lam, _POSITIVE), (u, sp.S.Reals), (t, sp.S.Naturals0)),
            ),
            routes=(
                Derivation(name="induction over the steps", derive=gradient_descent.geometric, spots=_RUNS),
                Certificate(name="the steps themselves", points=_RUNS),
            ),
            mutants=(
                Mutant(
                    name="as if well conditioned",
                    why_false="That is $kappa = 2$, which none of the points has.",
                    change={"rhs": u / 2**t},
                ),
                Mutant(
                    name="with the root of the condition number",
                    why_false="That takes acceleration.",
                    change={"rhs": (1 - 1 / sp.sqrt(kappa)) ** t * u},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="That is at most $e^(-t\\/kappa)$, so a tolerance of $epsilon$ takes no more than $kappa "
            "log(1\\/epsilon)$ steps, rounded up.",
            statement=Inequality(
                lhs=(1 - 1 / kappa) ** t,
                rhs=sp.exp(-t / kappa),
                domain=((kappa, sp.Interval(1, sp.oo)), (t, sp.S.Naturals0)),
            ),
            routes=(Certificate(name="balls at a few steps", points=_SHARES),),
            mutants=(
                Mutant(
                    name="twice as fast",
                    why_false="For large $kappa$ the two sides are nearly equal.",
                    change={"rhs": sp.exp(-2 * t / kappa)},
                ),
                Mutant(
                    name="with the root of the condition number",
                    why_false="That takes acceleration.",
                    change={"rhs": sp.exp(-t / sp.sqrt(kappa))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="With $c = 1 - 1\\/kappa$: at least $1 - t\\/kappa$ is left, so a tolerance of $epsilon$ takes "
            "$(1 - epsilon) kappa$ steps or more.",
            statement=Inequality(
                lhs=1 - t * (1 - remaining),
                rhs=remaining**t,
                domain=((remaining, sp.Interval.Ropen(0, 1)), (t, sp.S.Naturals0)),
            ),
            routes=(
                Derivation(name="induction over the steps", derive=bernoulli, spots=_STEPS[:4]),
                Certificate(name="exact powers", points=_STEPS),
            ),
            mutants=(
                Mutant(
                    name="as for half the steps",
                    why_false="At $kappa = 100$ half of it is left after 70 steps, not 100.",
                    change={"lhs": 1 - t * (1 - remaining) / 2},
                ),
                Mutant(
                    name="twice as fast",
                    why_false="In two steps of $3\\/4$ more is lost than $(1 - c)^2$.",
                    change={"rhs": remaining ** (2 * t)},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="What is true of linear models, and so of networks that stay near their linearisation, is upheld: the steps "
    "needed are in proportion to $kappa$, and $P(Theta)$ forgets the test point with the depth. The green and the "
    "orange line of the figure are measurements on convolutional networks trained on images: they cannot be checked "
    "here.",
)

CLAIMS = (DS_TRAINABILITY,)
