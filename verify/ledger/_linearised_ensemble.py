"""The law of an ensemble of linearised networks trained by gradient flow, for any two kernels Θ and Σ."""

import sympy as sp

from derivations.kernels import relu_nngp, relu_ntk
from derivations.matrices import by_algebra
from derivations.matrix_expressions import MatrixExp, rank
from verify.claim import Certificate, Derivation, Form, Mutant, Point, Role, Route
from verify.ledger._features import SIZES, D, N, column, k, real, rows, y
from verify.quantities import notation
from verify.statement import Identity

Theta, Sigma = sp.MatrixSymbol("Theta", N, N), sp.MatrixSymbol("Sigma", N, N)
k_other, c, c_other = (
    sp.MatrixSymbol(notation(name, typst=typst, latex=latex, text=text), 1, N)
    for name, typst, latex, text in (
        ("ntk_row_other", "k'", "k'", "k'"),
        ("nngp_row", "c", "c", "c"),
        ("nngp_row_other", "c'", "c'", "c'"),
    )
)
g, g_other = (
    sp.MatrixSymbol(notation(name, typst=symbol, latex=symbol, text=symbol), 1, N)
    for name, symbol in (("weights_row", "g"), ("weights_row_other", "g'"))
)
Psi, psi = sp.MatrixSymbol("Psi", N, D), sp.MatrixSymbol("psi", D, 1)
psi_other = sp.MatrixSymbol(notation("psi_other", typst="psi'", latex=r"\psi'", text="ψ'"), D, 1)
omega = sp.MatrixSymbol("omega", D, 1)
s_other = sp.MatrixSymbol(notation("nngp_pair", typst="s", latex="s", text="s"), 1, 1)
eta = sp.Symbol("eta", positive=True)
t = sp.Symbol("t", nonnegative=True)

GAUSSIAN = (
    "The linearised network $f_t$, trained by gradient flow at the rate $eta$ on $1\\/2 sum_i (f_t (x_i) - y_i)^2$ "
    "with the kernel $Theta$, is $f_t (x) = f_0 (x) + g (y - f_0 (X))$, $g = k Theta^(-1) (I - e^(-eta t Theta))$, "
    "$k = Theta(x, X)$ (the closed form of ds-closed-form, proved there).",
    "$f_0$ is a Gaussian process of mean zero: $f_0 (X) = Psi omega$, $f_0 (x) = psi^top omega$, $f_0 (x') = psi'^top "
    "omega$ with independent $omega_j tilde cal(N)(0, 1)$. Its covariance is $Sigma = Psi Psi^top$ on the examples, $c "
    "= psi^top Psi^top$ between $x$ and them, $s = psi^top psi'$ between $x$ and $x'$; it is another kernel than "
    "$Theta$.",
)
_GAIN = sp.Identity(N) - MatrixExp(-eta * t * Theta)
_ROWS = ((g, k * sp.Inverse(Theta) * _GAIN), (g_other, k_other * sp.Inverse(Theta) * _GAIN))
_KERNELS = (
    (Sigma, Psi * Psi.T),
    (c, psi.T * Psi.T),
    (c_other, psi_other.T * Psi.T),
    (s_other, psi.T * psi_other),
)
_REAL = real(Theta, Psi, psi, psi_other, k, k_other, omega, y)
_SYMMETRIC = (Theta - Theta.T, sp.FiniteSet(sp.ZeroMatrix(N, N)))
_DOMAIN = (
    *SIZES,
    *_REAL,
    _SYMMETRIC,
    (sp.Determinant(Theta), sp.Interval.open(0, sp.oo)),
    (eta, sp.Interval.open(0, sp.oo)),
    (t, sp.Interval(0, sp.oo)),
)


def _points() -> tuple[Point, ...]:
    common = {eta: sp.Rational(1, 2), t: sp.Integer(3)}
    return (
        {
            **common,
            N: 2,
            D: 3,
            Theta: rows(["2", "1/2"], ["1/2", "3"]),
            Psi: rows(["1", "2", "0"], ["0", "1", "-1"]),
            psi: column("1", "-1/2", "2"),
            psi_other: column("0", "1", "3"),
            k: rows(["1", "-1/3"]),
            k_other: rows(["2", "1"]),
            omega: column("1/2", "-1", "2"),
            y: column("1", "-2"),
        },
        {
            **common,
            N: 1,
            D: 2,
            Theta: rows(["2"]),
            Psi: rows(["1", "-1"]),
            psi: column("1/2", "1"),
            psi_other: column("3", "1"),
            k: rows(["3/2"]),
            k_other: rows(["1/2"]),
            omega: column("1", "1/3"),
            y: column("4"),
        },
    )


POINTS = _points()


def _algebra(*points: Point) -> tuple[Route, ...]:
    return (
        Derivation(name="the algebra of matrices", derive=by_algebra(given=[(Theta.T, Theta)]), spots=points),
        Certificate(name="exact matrices in ball arithmetic", points=points),
    )


def affine(role: Role) -> Form:
    """f_t(x) = its mean plus a fixed linear map of ω: so it is Gaussian."""
    start, residual = psi.T * omega, y - Psi * omega
    return Form(
        role=role,
        remark="$f_t (x)$ is a constant, its mean $g y$, plus a fixed linear map of $omega$: so $f_t$ is a Gaussian "
        "process.",
        statement=Identity(
            lhs=start + g * residual, rhs=g * y + (psi.T - g * Psi) * omega, where=_ROWS[:1], domain=_DOMAIN
        ),
        routes=_algebra(*POINTS),
        mutants=(
            Mutant(
                name="mean zero, as at the start",
                why_false="The labels pull the mean to $g y$.",
                change={"rhs": (psi.T - g * Psi) * omega},
            ),
            Mutant(
                name="the fluctuations of the start",
                why_false="What $f_0$ is off at the examples is corrected there and elsewhere.",
                change={"rhs": g * y + psi.T * omega},
            ),
        ),
    )


INDEPENDENT = (rank(Psi), sp.FiniteSet(N))
_COVARIANCE = s_other - g * c_other.T - c * g_other.T + g * Sigma * g_other.T


def covariance(role: Role) -> Form:
    """Its covariance between x and x', in both kernels."""
    return Form(
        role=role,
        remark="Its covariance between $x$ and $x'$, in both kernels (Lee et al. 2019). For $t -> oo$ the rows are $g "
        "= k Theta^(-1)$.",
        statement=Identity(
            lhs=(psi.T - g * Psi) * sp.Transpose(psi_other.T - g_other * Psi),
            rhs=_COVARIANCE,
            where=(*_ROWS, *_KERNELS),
            domain=_DOMAIN,
        ),
        routes=_algebra(*POINTS),
        mutants=(
            Mutant(
                name="the posterior of the Gaussian process with covariance $Sigma$",
                why_false="$g$ is made of the tangent kernel $Theta$ in place of $Sigma$.",
                change={"rhs": s_other - c * sp.Inverse(Sigma) * c_other.T, "domain": (*_DOMAIN, INDEPENDENT)},
            ),
            Mutant(
                name="without the variance of the correction",
                why_false="$g Sigma g'^top$ is positive for $x = x'$.",
                change={"rhs": s_other - g * c_other.T - c * g_other.T},
            ),
        ),
    )


# One example, networks of any depth.

L = sp.Symbol("L", integer=True, positive=True)
rho = sp.Symbol("rho", real=True)
ONE_EXAMPLE = (
    "In the exact form: one example $x_1$ with $x^top x_1 = rho$, unit inputs, ReLU, $L$ hidden layers, $c_sigma = 2$: "
    "$Theta(x, x) = L + 1$, $Sigma(x, x) = 1$, $g = Theta(x, x_1)\\/(L + 1)$. On the left the variance of the trained "
    "ensemble, the covariance above at $x = x'$ for $t -> oo$."
)
Theta_x = sp.Symbol(
    notation("ntk_to_example", typst="Theta(x, x_1)", latex=r"\Theta(x,x_1)", text="Θ(x, x₁)"), real=True
)
Sigma_x = sp.Symbol(
    notation("nngp_to_example", typst="Sigma(x, x_1)", latex=r"\Sigma(x,x_1)", text="Σ(x, x₁)"), real=True
)
_KERNELS_AT = ((Theta_x, relu_ntk(L, rho)), (Sigma_x, relu_nngp(L, rho)))
_CORRELATIONS: tuple[Point, ...] = tuple(
    {L: depth, rho: sp.Rational(value)} for depth, value in ((1, "1/2"), (2, "3/5"), (3, "-1/4"), (1, "0"))
)


def variance_is(role: Role, remark: str, value: sp.Expr) -> Form:
    """The exact form: the variance of the trained ensemble with one example."""
    return Form(
        role=role,
        remark=remark,
        statement=Identity(
            lhs=1 - 2 * Theta_x * Sigma_x / (L + 1) + Theta_x**2 / (L + 1) ** 2,
            rhs=value,
            where=_KERNELS_AT,
            domain=((L, sp.S.Naturals), (rho, sp.Interval.open(-1, 1))),
        ),
        routes=(Certificate(name="quadrature of the kernels", points=_CORRELATIONS),),
    )
