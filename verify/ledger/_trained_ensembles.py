"""The law of an ensemble of trained ReLU networks with one hidden layer at a test input, with two examples."""

import sympy as sp

from derivations.kernels import relu_nngp, relu_ntk
from verify.claim import Form, Measurement, Mutant, Role
from verify.decide.design import Distance
from verify.experiments.ensembles import TRAINED_ENSEMBLE, output_trained
from verify.quantities import notation
from verify.statement import EqualityInLaw

# Two training inputs x_1, x_2 and a test input x of the plane, one hidden layer.

_one = sp.S.One
_first, _second, _between = sp.Rational(3, 5), sp.Rational(7, 25), sp.Rational(-3, 5)


def _pair(kernel: str, letter: str, pair: str) -> sp.Symbol:
    name, typst = f"{kernel.lower()}_pair_{pair}", f"{kernel}_({pair})"
    return sp.Symbol(notation(name, typst=typst, latex=rf"\{kernel}_{{{pair}}}", text=f"{letter}_{pair}"), real=True)


theta_1, theta_2, theta_12 = (_pair("Theta", "Θ", pair) for pair in ("1", "2", "12"))
sigma_1, sigma_2, sigma_12 = (_pair("Sigma", "Σ", pair) for pair in ("1", "2", "12"))
g_1, g_2 = sp.symbols("g_1 g_2", real=True)
mean = sp.Symbol(notation("trained_mean", typst="macron(f)", latex=r"\bar f", text="f̄"), real=True)
variance = sp.Symbol(notation("trained_variance", typst="v", latex="v", text="v"), positive=True)
z = sp.Symbol("z", real=True)

PLANE = (
    "Networks: ReLU, one hidden layer of width $m$, $f = sqrt(2\\/m) a^top sigma(W x)$, all weights independent "
    "$cal(N)(0, 1)$ and all trained by 24 steps of gradient descent at the rate $2\\/5$ on $1\\/2 sum_i (f(x_i) - "
    "y_i)^2$, which leaves residuals below $10^(-8)$ at $m >= 512$. Two unit inputs of the plane with $x_1^top x_2 = "
    "-3\\/5$ and the labels $y_1 = y_2 = 2$, a test input with $x^top x_1 = 3\\/5$, $x^top x_2 = 7\\/25$.",
    "For these $Theta(x, x) = 2$ and $Sigma(x, x) = 1$; $Theta_1 = Theta(x, x_1)$, $Theta_2 = Theta(x, x_2)$, "
    "$Theta_12 = Theta(x_1, x_2)$, and $Sigma_1$, $Sigma_2$, $Sigma_12$ alike.",
    "The law of trained networks of finite width is not that of the limit: its mean is off by $0.03$ standard "
    "deviations at $m = 512$, half as much at $m = 2048$. A distance of $1\\/50$ between distribution functions is "
    "granted for that; the laws that are refuted are at $0.13$ and more.",
)
_NTK = ((theta_1, relu_ntk(_one, _first)), (theta_2, relu_ntk(_one, _second)), (theta_12, relu_ntk(_one, _between)))
_NNGP = ((sigma_1, relu_nngp(_one, _first)), (sigma_2, relu_nngp(_one, _second)), (sigma_12, relu_nngp(_one, _between)))


def _gains(one: sp.Expr, two: sp.Expr, across: sp.Expr, same: int) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    determinant = same**2 - across**2
    return (g_1, (same * one - across * two) / determinant), (g_2, (same * two - across * one) / determinant)


GAINS = (*_gains(theta_1, theta_2, theta_12, 2), *_NTK)
"""g = Θ(x, X) Θ(X, X)⁻¹ for the two inputs."""
NNGP_GAINS = (*_gains(sigma_1, sigma_2, sigma_12, 1), *_NNGP)
"""Σ(x, X) Σ(X, X)⁻¹."""
_MEAN = (mean, 2 * g_1 + 2 * g_2)
_TRAINED = 1 - 2 * (g_1 * sigma_1 + g_2 * sigma_2) + g_1**2 + g_2**2 + 2 * g_1 * g_2 * sigma_12
LAW = (_MEAN, (variance, _TRAINED), *GAINS, *_NNGP)
"""The mean and the variance of the trained ensemble."""
POSTERIOR = (_MEAN, (variance, 2 - g_1 * theta_1 - g_2 * theta_2), *GAINS)
"""Those of the posterior of the Gaussian process with covariance Θ, given the labels without noise."""
NNGP_POSTERIOR = (_MEAN, (variance, 1 - g_1 * sigma_1 - g_2 * sigma_2), *NNGP_GAINS)
PRIOR = ((mean, sp.S.Zero), (variance, sp.Integer(2)))
"""Those of a sample of the Gaussian process with covariance Θ."""

_ROUTES = (Measurement(name="thousands of trained networks", experiment=TRAINED_ENSEMBLE),)
_SAME = (
    "independent pilots of 42000 networks at m = 512 and 7000 at m = 2048: the mean is off by 0.030 and 0.015 standard "
    "deviations, so the distribution functions differ by 0.012 and 0.006"
)
RESOLUTION = sp.Rational(1, 10)
_AT_FINITE_WIDTH = sp.Rational(1, 50)
"""What a law is granted at m >= 512: the limit's mean is approached like m^(-1/2), as neurons switch on and off."""


def in_law(role: Role, remark: str) -> Form:
    """f_∞(x) has the normal law of the linearised ensemble."""
    mutants = (
        Mutant(
            name="the posterior for the tangent kernel",
            why_false="Its variance is $1.155$ in place of $0.377$.",
            change={"where": POSTERIOR},
            design=Distance(at_least=0.13, source="computed from the two distribution functions"),
        ),
        Mutant(
            name="the posterior for the covariance at the start",
            why_false="Its mean is $2.13$ in place of $1.83$, half a standard deviation more.",
            change={"where": NNGP_POSTERIOR},
            design=Distance(at_least=0.19, source="computed from the two distribution functions"),
        ),
        Mutant(
            name="a sample of the Gaussian process with covariance $Theta$",
            why_false="Its mean is zero, and its variance 2.",
            change={"where": PRIOR},
            design=Distance(at_least=0.67, source="computed from the two distribution functions"),
        ),
    )
    return Form(
        role=role,
        remark=remark,
        statement=_law(LAW),
        routes=_ROUTES,
        design=Distance(source=_SAME),
        mutants=mutants,
    )


def not_in_law(role: Role, remark: str, where: tuple[tuple[sp.Expr, sp.Expr], ...], at_least: float) -> Form:
    """The same for a law that it does not have."""
    return Form(
        role=role,
        remark=remark,
        statement=_law(where),
        routes=_ROUTES,
        design=Distance(at_least=at_least, source="computed from the two distribution functions"),
    )


def _law(where: tuple[tuple[sp.Expr, sp.Expr], ...]) -> EqualityInLaw:
    return EqualityInLaw(
        quantity=(output_trained - mean) / sp.sqrt(variance),
        law=(1 + sp.erf(z / sp.sqrt(2))) / 2,
        argument=z,
        tolerance=RESOLUTION,
        within=_AT_FINITE_WIDTH,
        where=where,
    )
