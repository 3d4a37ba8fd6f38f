"""The covariance of a layer and of its derivative, from that of the layer below: closed forms at any covariance."""

from collections.abc import Sequence

import sympy as sp

from derivations import dual_values, mean_ntk, sum_bounds
from derivations.activations import sigma
from derivations.expressions import Expect, relu, step
from derivations.mean_ntk import X, Y, beta
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger import _erf_duals
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n, m = sp.symbols("n m", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
u, v, z, a, rho = sp.symbols("u v z a rho", real=True)
s, t, c_sigma = sp.symbols("s t c_sigma", positive=True)
f, x = sp.IndexedBase("f", real=True), sp.IndexedBase("v", real=True)

_POSITIVE, _REALS = sp.Interval.open(0, sp.oo), sp.S.Reals
_BELL = 2 * sp.exp(-(z**2)) / sp.sqrt(sp.pi)
"""The derivative of the error function."""
_BELOW = ((s**2, s * t * rho), (s * t * rho, t**2))
_INSIDE = ((s, _POSITIVE), (t, _POSITIVE), (rho, sp.Interval.open(-1, 1)))


def _pair(of: sp.Expr, covariance: Sequence[Sequence[sp.Expr]] = _BELOW) -> Expect:
    """E[f(u) f(v)]."""
    return Expect(of.subs(z, u) * of.subs(z, v), (u, v), [list(row) for row in covariance])


_WITH_CONSTANT = ((c_sigma, sp.pi / (2 * sp.asin(sp.Rational(2, 3)))),)


def _arcsine(a_: sp.Expr, b_: sp.Expr, c_: sp.Expr) -> sp.Expr:
    """E[erf(u) erf(v)] at variances a, b and covariance c."""
    return 2 / sp.pi * sp.asin(2 * c_ / sp.sqrt((1 + 2 * a_) * (1 + 2 * b_)))


_ERF_COVARIANCE = c_sigma * _arcsine(s**2, t**2, s * t * rho)
_NEXT = tuple(
    tuple(c_sigma * _arcsine(*pair) for pair in row)
    for row in (
        ((s**2, s**2, s**2), (s**2, t**2, s * t * rho)),
        ((s**2, t**2, s * t * rho), (t**2, t**2, t**2)),
    )
)
"""The covariance of the next layer, in place of that of the layer below."""
_COVARIANCES: tuple[Point, ...] = tuple(
    dict(zip((s, t, rho), map(sp.Rational, row), strict=True))
    for row in ((2, "1/2", "3/10"), ("1/3", 3, "-99/100"), ("1/10", "1/10", "1/2"), (5, 4, "-1/5"))
)
_QUADRATURE = Certificate(name="quadrature of the definition", points=_COVARIANCES)


def _by_duals(*points: Point) -> Derivation:
    return Derivation(name="Price's theorem", derive=dual_values.derive, spots=points)


# What makes Λ a covariance: its quadratic form, for any layer of finite width and any inputs.

_MEAN_PRODUCT = sp.Sum(sigma(f[i, k]) * sigma(f[j, k]), (k, 1, m)) / m
_FORM = c_sigma * sp.Sum(x[i] * x[j] * _MEAN_PRODUCT, (i, 1, n), (j, 1, n))
_SQUARES = c_sigma / m * sp.Sum(sp.Sum(x[i] * sigma(f[i, k]), (i, 1, n)) ** 2, (k, 1, m))
_LAYER = ((n, sp.S.Naturals), (m, sp.S.Naturals), (c_sigma, _POSITIVE), (f[i, k], _REALS), (x[i], _REALS))


def _layer(of: sp.Expr, constant: int, weights: list[object], *rows: list[object]) -> Point:
    return {
        n: len(rows),
        m: len(rows[0]),
        c_sigma: constant,
        f: entries(rows),
        x: family(*weights),
        sigma: sp.Lambda(z, of),
    }


_FINITE: tuple[Point, ...] = (
    _layer(relu(z), 2, ["1", "-1"], ["1", "-2", "1/2"], ["2", "1", "-1"]),
    _layer(sp.tanh(z), 1, ["1", "1/2", "-2"], ["1", "0"], ["-1", "3"], ["1/3", "1"]),
    _layer(z**2, 3, ["-2"], ["1", "-1", "2", "0"]),
    _layer(relu(z), 2, ["1", "1"], ["1", "-1"], ["-1", "1"]),
)

_PRINTED = (
    "$Sigma^((0)) (x, x') = x^top x'$, $Lambda^((h)) (x, x') = mat(Sigma^((h-1)) (x, x), Sigma^((h-1)) (x, x'); "
    "Sigma^((h-1)) (x', x), Sigma^((h-1)) (x', x'))$, $Sigma^((h)) (x, x') = c_sigma E_((u, v) tilde.op cal(N)(0, "
    "Lambda^((h)))) [sigma(u) sigma(v)]$, $dot(Sigma)^((h)) (x, x') = c_sigma E_((u, v) tilde.op cal(N)(0, "
    "Lambda^((h)))) [dot(sigma)(u) dot(sigma)(v)]$"
)

IM_RECURSION = Claim(
    id="im-def-sigma-recursion",
    title="One layer of the recursion of covariances, for the error function at any covariance",
    source=Source(document=Document.IM, where="section 2, definition of the covariances", printed=_PRINTED),
    hypotheses=(
        '$s^2$, $t^2$ and $s t rho$ are the entries of $Lambda^((h))$, $s, t > 0$, $|rho| < 1$; $sigma = op("erf")$, '
        "$c_sigma = pi\\/(2 arcsin(2\\/3))$ (im-def-csigma). For the ReLU see im-id-sigma-relu.",
        "Last form: $f_(i k)$ is the pre-activation of neuron $k$ at input $i$, any number; $sigma$ is any activation. "
        "$Lambda^((h))$ is the limit of such matrices, and a limit of positive semi-definite matrices is one.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The covariance of the layer.",
            statement=Identity(
                lhs=c_sigma * _pair(sp.erf(z)), rhs=_ERF_COVARIANCE, where=_WITH_CONSTANT, domain=_INSIDE
            ),
            routes=(_by_duals(*_COVARIANCES[:2]), _QUADRATURE),
            mutants=(
                Mutant(
                    name="the correlation in place of the covariance",
                    why_false="The error function is not homogeneous: the norms do not come out as factors.",
                    change={"lhs": c_sigma * _pair(sp.erf(z), ((1, rho), (rho, 1)))},
                ),
                Mutant(
                    name="the covariance of the next layer",
                    why_false="That is one layer too deep.",
                    change={"lhs": c_sigma * _arcsine(_NEXT[0][0], _NEXT[1][1], _NEXT[0][1])},
                ),
                Mutant(
                    name="without the constant",
                    why_false="$c_sigma = 2.15$, and the expectation is not 0 here.",
                    change={"lhs": _pair(sp.erf(z))},
                ),
            ),
        ),
        _erf_duals.COVARIANCE,
        Form(
            role=Role.PRINTED,
            remark="The covariance of its derivative.",
            statement=Identity(
                lhs=c_sigma * _pair(_BELL),
                rhs=c_sigma * 4 / (sp.pi * sp.sqrt((1 + 2 * s**2) * (1 + 2 * t**2) - 4 * s**2 * t**2 * rho**2)),
                where=_WITH_CONSTANT,
                domain=_INSIDE,
            ),
            routes=(_by_duals(*_COVARIANCES[:2]), _QUADRATURE),
            mutants=(
                Mutant(
                    name="of the activation itself",
                    why_false="Its covariance has the sign of $rho$, that of the derivative is positive.",
                    change={"lhs": c_sigma * _pair(sp.erf(z))},
                ),
                Mutant(
                    name="the correlation in place of the covariance",
                    why_false="As for the activation.",
                    change={"lhs": c_sigma * _pair(_BELL, ((1, rho), (rho, 1)))},
                ),
            ),
        ),
        _erf_duals.SLOPE_COVARIANCE,
        Form(
            role=Role.PRINTED,
            remark="$Lambda$ is a covariance: the layer's products have a positive semi-definite matrix, at any width "
            "$m$, for $n$ inputs.",
            statement=Inequality(lhs=sp.S.Zero, rhs=_FORM, domain=_LAYER),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=sum_bounds.by_parts(Part("A sum of squares over the neurons.", _SQUARES)),
                    spots=_FINITE[:3],
                ),
                Certificate(name="given layers", points=_FINITE),
            ),
            mutants=(
                Mutant(
                    name="without the diagonal",
                    why_false="The trace would be 0, so that some eigenvalue is negative.",
                    change={
                        "rhs": c_sigma
                        * sp.Sum((1 - sp.KroneckerDelta(i, j)) * x[i] * x[j] * _MEAN_PRODUCT, (i, 1, n), (j, 1, n))
                    },
                ),
                Mutant(
                    name="eigenvalues of at least 5",
                    why_false="The form of the first of these layers is less than $5 norm(v)^2$.",
                    change={"lhs": sp.Sum(x[i] ** 2, (i, 1, n)) * 5},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

# The derivative covariance of the slides, in the parametrisation of the paper they cite.

rho_inputs = mean_ntk.rho
Theta_2, Sigma_1, Sigma_2, Sigma_dot_2 = sp.symbols("Theta_2 Sigma_1 Sigma_2 Sigma_dot_2", real=True)
V, V_prime = sp.symbols("V V_prime", positive=True)
_FIRST_LAYER = ((V, Sigma_1), (Sigma_1, V_prime))
_NETWORK_INPUTS = (
    (X, _POSITIVE),
    (Y, _POSITIVE),
    (rho_inputs, sp.Interval(-1, 1)),
    (beta, sp.Interval(0, sp.oo)),
)


def _kernel(slopes: sp.Expr) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    """Θ^(2) of a network with one hidden layer, from its gradient, and what the recursion makes it of."""
    mean = _pair(relu(z), _FIRST_LAYER) + Expect(a**2, (a,), [[1]]) * Sigma_1 * _pair(step(z), _FIRST_LAYER) + beta**2
    return (
        (Theta_2, mean),
        (Sigma_2, _pair(relu(z), _FIRST_LAYER) + beta**2),
        (Sigma_dot_2, slopes),
        (Sigma_1, X * Y * rho_inputs + beta**2),
        (V, X**2 + beta**2),
        (V_prime, Y**2 + beta**2),
    )


def _inputs(*rows: tuple[object, ...]) -> tuple[Point, ...]:
    return tuple(dict(zip((X, Y, rho_inputs, beta), map(sp.Rational, row), strict=True)) for row in rows)


_KERNELS = _inputs((1, 1, "3/10", 0), (1, 2, "-1/2", "1/2"), (3, "1/4", "999/1000", "1/10"), (2, "1/2", 1, 0))

KW_DERIVATIVE = Claim(
    id="kw-rec-sigmadot",
    title="The derivative covariance of the slides needs no constant",
    source=Source(
        document=Document.KW,
        where="slide 10, Theorem, third line of the recursion",
        printed="$dot(Sigma)_infinity^((L+1)) (bold(x)^*, bold(x)_i) = EE_(f tilde.op cal(N)(0, Sigma^((L)))) "
        "[dot(sigma)(f(bold(x)^*)) dot(sigma)(f(bold(x)_i))]$",
    ),
    hypotheses=(
        "The parametrisation of the paper the slides cite, as in kw-rec-theta: $X = norm(bold(x)^*)\\/sqrt(n_0)$, "
        "$Y = norm(bold(x)_i)\\/sqrt(n_0)$, $rho$ the cosine between the inputs, biases multiplied by $beta$.",
        "First form: ReLU, one hidden layer; $Theta_2$ is the mean of the inner product of the gradients, and the "
        "corrected recursion $Theta_2 = Theta_1 dot(Sigma)_2 + Sigma_2$, $Theta_1 = Sigma_1$, holds for no other "
        "$dot(Sigma)_2$. The others: $s^2$, $t^2$, $s t rho$ are the entries of $Sigma^((L))$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="It is the factor that the gradient of the network has.",
            statement=Identity(
                lhs=Theta_2,
                rhs=Sigma_1 * Sigma_dot_2 + Sigma_2,
                where=_kernel(_pair(step(z), _FIRST_LAYER)),
                domain=_NETWORK_INPUTS,
            ),
            routes=(
                Derivation(name="gradient of the network", derive=mean_ntk.derive, spots=_KERNELS[:2]),
                Certificate(name="quadrature of the definitions", points=_KERNELS),
            ),
            mutants=(
                Mutant(
                    name="with c_σ = 2",
                    why_false="Neither the network nor $Sigma$ has that constant here.",
                    change={"where": _kernel(2 * _pair(step(z), _FIRST_LAYER))},
                ),
                Mutant(
                    name="of the activation in place of its derivative",
                    why_false="The derivative of the network by its first layer holds $dot(sigma)$.",
                    change={"where": _kernel(_pair(relu(z), _FIRST_LAYER))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="In closed form for the ReLU.",
            statement=Identity(lhs=_pair(step(z)), rhs=(sp.pi - sp.acos(rho)) / (2 * sp.pi), domain=_INSIDE),
            routes=(_by_duals(*_COVARIANCES[:2]), _QUADRATURE),
            mutants=(
                Mutant(
                    name="with c_σ = 2",
                    why_false="The expectation is a probability; at $rho = 0$ it is $1\\/4$.",
                    change={"rhs": (sp.pi - sp.acos(rho)) / sp.pi},
                ),
                Mutant(
                    name="of the activation in place of its derivative",
                    why_false="That one depends on the variances.",
                    change={"lhs": _pair(relu(z))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="In closed form for the error function.",
            statement=Identity(
                lhs=_pair(_BELL),
                rhs=4 / (sp.pi * sp.sqrt((1 + 2 * s**2) * (1 + 2 * t**2) - 4 * s**2 * t**2 * rho**2)),
                domain=_INSIDE,
            ),
            routes=(_by_duals(*_COVARIANCES[:2]), _QUADRATURE),
            mutants=(
                Mutant(
                    name="the correlation in place of the covariance",
                    why_false="The norms of the layer below matter.",
                    change={"lhs": _pair(_BELL, ((1, rho), (rho, 1)))},
                ),
                Mutant(
                    name="without the covariance under the root",
                    why_false="That is its value for independent neurons, $rho = 0$.",
                    change={"rhs": 4 / (sp.pi * sp.sqrt((1 + 2 * s**2) * (1 + 2 * t**2)))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The constant $c_sigma$ of the report of 2021 is not missing here: it belongs to another normalisation of the "
    "layers (kw-id-jacot-arora).",
)

CLAIMS = (IM_RECURSION, KW_DERIVATIVE)
