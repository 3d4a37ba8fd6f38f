"""The matrix of the ReLU NTK at given inputs: positive semi-definite always, invertible unless some are parallel."""

import sympy as sp

from derivations import dual_values, sum_bounds
from derivations.activations import sigma, sigma_prime
from derivations.expressions import Expect, relu, step
from derivations.kernels import relu_ntk
from derivations.matrix_expressions import Eigenvalue, smallest_eigenvalue
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n, m, P = sp.symbols("n m P", integer=True, positive=True)
i, j, k, p = sp.symbols("i j k p", integer=True)
z, u, v_, rho = sp.symbols("z u v rho", real=True)
c_sigma = sp.Symbol("c_sigma", positive=True)
v, f, J = (sp.IndexedBase(name, real=True) for name in ("v", "f", "J"))
K = sp.Function("K", real=True)
_NAT, _REALS, _POSITIVE = sp.S.Naturals, sp.S.Reals, sp.Interval.open(0, sp.oo)

# One layer of the recursion of kernels, at finite width: Θ∘Σ̇ + Σ with Gram matrices.


def _over_inputs(entry: sp.Expr) -> sp.Expr:
    """Σ_ij v_i v_j (…)_ij."""
    return sp.Sum(v[i] * v[j] * entry, (i, 1, n), (j, 1, n))


def _products(of_: type[sp.Function], first: sp.Symbol = i, second: sp.Symbol = j) -> sp.Expr:
    return c_sigma / m * sp.Sum(of_(f[first, k]) * of_(f[second, k]), (k, 1, m))


_BELOW = sp.Sum(J[i, p] * J[j, p], (p, 1, P))
_LAYER = _over_inputs(_BELOW * _products(sigma_prime)) + _over_inputs(_products(sigma))
_SQUARES = c_sigma / m * sp.Sum(
    sp.Sum(v[i] * J[i, p] * sigma_prime(f[i, k]), (i, 1, n)) ** 2, (p, 1, P), (k, 1, m)
) + c_sigma / m * sp.Sum(sp.Sum(v[i] * sigma(f[i, k]), (i, 1, n)) ** 2, (k, 1, m))
_MATRIX_PRODUCT = sp.Sum(
    v[i] * v[j] * sp.Sum(J[i, p] * J[n + 1 - j, p], (p, 1, P)) * _products(sigma_prime), (i, 1, n), (j, 1, n)
)


def _layer(gradients: list[list[str]], values: list[list[str]], weights: list[str], activation: sp.Expr) -> Point:
    return {
        n: len(weights),
        P: len(gradients[0]),
        m: len(values[0]),
        J: entries(gradients),
        f: entries(values),
        v: family(*weights),
        c_sigma: 2,
        sigma: sp.Lambda(z, activation),
        sigma_prime: sp.Lambda(z, activation.diff(z)),
    }


_LAYERS: tuple[Point, ...] = (
    _layer([["1", "2"], ["1/2", "1"]], [["1", "-2", "1/2"], ["2", "1", "-1"]], ["1", "-2"], relu(z)),
    _layer([["1"], ["-1"], ["2"]], [["1", "0"], ["-1", "3"], ["1/3", "1"]], ["1", "1", "-1/2"], sp.tanh(z)),
    _layer([["3", "-1", "0"]], [["2", "-1"]], ["-1"], z**2),
    _layer([["1", "2"], ["-1", "-2"]], [["1", "1"], ["2", "-1"]], ["1", "1"], relu(z)),
)

# Infinite width: the kernel of unit inputs as a function of their correlation.

_PLANE = ((1, 0), ("3/5", "4/5"), ("-5/13", "12/13"))
"""Three unit vectors of the plane, no two parallel."""
_CLOSE = (*_PLANE[:2], ("9999/10001", "200/10001"))
"""The third is at an angle of 0.02 to the first."""


def _gram(*inputs: tuple[object, object]) -> sp.ImmutableMatrix:
    """The matrix of Θ at unit vectors of the plane."""
    at = [tuple(map(sp.Rational, one)) for one in inputs]
    return sp.ImmutableMatrix([[K(x * x_ + y * y_) for x_, y_ in at] for x, y in at])


def _with_antipodes(inputs: tuple[tuple[object, object], ...]) -> tuple[tuple[object, object], ...]:
    return (*inputs, *((-sp.Rational(x), -sp.Rational(y)) for x, y in inputs))


def _kernel(depth: int) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    return ((K(rho), relu_ntk(sp.Integer(depth), rho)),)


def _one_layer(correlation: sp.Expr) -> sp.Expr:
    """Θ^(1) at unit inputs, written out: ρ Σ̇^(1) + Σ^(1)."""
    covariance = [[1, correlation], [correlation, 1]]
    slopes, values = (Expect(g(u) * g(v_), (u, v_), covariance) for g in (step, relu))
    return 2 * correlation * slopes + 2 * values


_BALLS = (Certificate(name="eigenvalues in ball arithmetic", points=({},), covers_domain=True),)
_CORRELATIONS: tuple[Point, ...] = tuple(
    {rho: sp.Rational(value)} for value in ("3/10", "-4/5", "0", "999/1000", "-1/7")
)
_SINGULAR = _gram(*_with_antipodes(_PLANE))
PRINTED = (
    '$f_"ntk" (x_"te") = (ker_"ntk" (x_"te", X))^top (H^*)^(-1) y$ where $H^*$ is an $n times n$ matrix where '
    "$H_(i, j) = Theta^((L)) (x_i, x_j)$"
)

IM_PSD = Claim(
    id="im-prop-ntk-psd",
    title="The matrix of the ReLU NTK is positive semi-definite, and invertible unless inputs are parallel",
    source=Source(document=Document.IM, where="section 2, kernel regression with the NTK", printed=PRINTED),
    hypotheses=(
        "First form, for any inputs, widths and activation: $f_(i k)$ are the pre-activations of a layer, $J_(i p)$ "
        "the derivatives of the layers below; with them $Theta compose dot(Sigma) + Sigma$ is the kernel up to "
        "this layer. The kernels of infinite width are limits of such matrices, so they are positive semi-definite "
        "too.",
        "The other forms: $sigma$ is the ReLU, and the inputs are unit vectors of the plane; $K(rho) = Theta^((L))$ at "
        "the correlation $rho$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="One layer keeps the kernel positive semi-definite (Schur's product theorem, as a sum of squares).",
            statement=Inequality(
                lhs=sp.S.Zero,
                rhs=_LAYER,
                domain=(
                    (n, _NAT),
                    (m, _NAT),
                    (P, _NAT),
                    (c_sigma, _POSITIVE),
                    (v[i], _REALS),
                    (f[i, k], _REALS),
                    (J[i, p], _REALS),
                ),
            ),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=sum_bounds.by_parts(Part("Sums of squares, over the neurons and parameters.", _SQUARES)),
                    spots=_LAYERS,
                ),
                Certificate(name="given layers", points=_LAYERS),
            ),
            mutants=(
                Mutant(
                    name="the columns of one factor in another order",
                    why_false="An entrywise product of matrices that are not both Gram matrices of the same inputs may "
                    "have negative eigenvalues; the last of these layers shows one.",
                    change={"rhs": _MATRIX_PRODUCT},
                ),
                Mutant(
                    name="the covariance subtracted",
                    why_false="The first term may be as small as one likes, as for opposite gradients below.",
                    change={"rhs": _over_inputs(_BELOW * _products(sigma_prime)) - 9 * _over_inputs(_products(sigma))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="Invertible at three unit inputs, no two of them parallel, two at an angle of 0.02: $L = 1$.",
            statement=Inequality(lhs=sp.Rational(1, 500), rhs=smallest_eigenvalue(_gram(*_CLOSE)), where=_kernel(1)),
            routes=_BALLS,
            mutants=(
                Mutant(
                    name="with one input twice",
                    why_false="Two rows of the matrix are equal then.",
                    change={"rhs": smallest_eigenvalue(_gram(*_CLOSE[:2], _CLOSE[0]))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="Antipodal inputs, $L = 1$: the odd part of the kernel is linear, so that $sum_k c_k (Theta(x_k, "
            "x) - Theta(-x_k, x)) = 0$ for all $x$ whenever $sum_k c_k x_k = 0$.",
            statement=Identity(
                lhs=_one_layer(rho) - _one_layer(-rho), rhs=2 * rho, domain=((rho, sp.Interval.open(-1, 1)),)
            ),
            routes=(
                Derivation(name="closed forms", derive=dual_values.derive, spots=_CORRELATIONS[:2]),
                Certificate(name="quadrature of the definition", points=_CORRELATIONS),
            ),
            mutants=(
                Mutant(
                    name="half of it",
                    why_false="Both terms of the kernel contribute $rho$.",
                    change={"rhs": rho},
                ),
                Mutant(
                    name="the even part",
                    why_false="It is positive at $rho = 0$.",
                    change={"lhs": _one_layer(rho) + _one_layer(-rho)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="So three antipodal pairs of the plane leave one eigenvalue 0 at $L = 1$, and no more: the fifth is "
            "positive.",
            statement=Inequality(lhs=sp.Rational(9, 10), rhs=Eigenvalue(_SINGULAR, 5), where=_kernel(1)),
            routes=_BALLS,
            mutants=(
                Mutant(
                    name="the sixth eigenvalue",
                    why_false="It is 0.",
                    change={"rhs": Eigenvalue(_SINGULAR, 6)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="With one more hidden layer, $L = 2$, the same six inputs have an invertible matrix.",
            statement=Inequality(lhs=sp.Rational(1, 2), rhs=smallest_eigenvalue(_SINGULAR), where=_kernel(2)),
            routes=_BALLS,
            mutants=(
                Mutant(
                    name="with one hidden layer",
                    why_false="The smallest eigenvalue is 0 then.",
                    change={"where": _kernel(1)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="So the inverse printed exists for inputs no two of which are parallel. Distinct inputs are not enough: "
    "$p > d$ antipodal pairs in $d$ dimensions make the matrix singular at $L = 1$: every relation $sum_k c_k x_k = 0$ "
    "gives a null vector, $p - d$ independent ones.",
)

CLAIMS = (IM_PSD,)
