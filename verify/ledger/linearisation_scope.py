"""Where the bound on the linearisation holds: not beyond the shallow network, and what it asks of the movement."""

import sympy as sp

from derivations import sum_identities
from derivations.activations import sigma, sigma_prime_prime
from derivations.expressions import normal_cdf
from derivations.linearisation_quality import within
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import (
    ENTRIES,
    NETWORK,
    SIZES,
    W0,
    W,
    a,
    activation,
    d,
    ell,
    f,
    i,
    j,
    k,
    m,
    network,
    paired,
    point,
    x,
    z,
)
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

beta, epsilon = sp.symbols("beta epsilon", positive=True)
a0, U, U0 = (sp.IndexedBase(name, real=True) for name in ("a_0", "U", "U_0"))
p, q = sp.symbols("p q", integer=True)

POSITIVE = sp.Interval.open(0, sp.oo)


def _two_layers(readout: sp.IndexedBase, weights: sp.IndexedBase) -> sp.Expr:
    """The two-layer network with the activation σ(z) = z."""
    inner = sp.Sum(weights[i, ell] * x[ell], (ell, 1, d))
    return sp.Sum(readout[i] * inner, (i, 1, m)) / sp.sqrt(m)


def _three_layers(second: sp.IndexedBase, first: sp.IndexedBase) -> sp.Expr:
    """The three-layer network with the activation σ(z) = z; the read-out is a."""
    inner = sp.Sum(first[q, ell] * x[ell], (ell, 1, d))
    return sp.Sum(a[p] * sp.Sum(second[p, q] * inner, (q, 1, m)), (p, 1, m)) / m


def _by(name: sp.Expr, weight: sp.Indexed, move: sp.Expr, *limits: tuple[sp.Symbol, int, sp.Symbol]) -> sp.Expr:
    return sp.Sum(sp.Derivative(name, weight) * move, *limits)


_START, _END = f(x, a0, W0), f(x, a, W)
_TRAINED_READOUT = (
    _END
    - _START
    - _by(_START, W0[j, k], W[j, k] - W0[j, k], (j, 1, m), (k, 1, d))
    - _by(_START, a0[j], a[j] - a0[j], (j, 1, m))
)
_DEEP_START, _DEEP_END = f(x, U0, W0), f(x, U, W)
_DEEP = (
    _DEEP_END
    - _DEEP_START
    - _by(_DEEP_START, W0[j, k], W[j, k] - W0[j, k], (j, 1, m), (k, 1, d))
    - _by(_DEEP_START, U0[j, k], U[j, k] - U0[j, k], (j, 1, m), (k, 1, m))
)
_MOVED_INPUT = sp.Sum((W[i, ell] - W0[i, ell]) * x[ell], (ell, 1, d))
_NETWORKS: tuple[Point, ...] = (
    {
        **point([["1", "-2"], ["1/3", "1"]], [["2", "0"], ["1", "1/2"]], ["3/5", "4/5"]),
        a0: family("1", "-1"),
        a: family("1/2", "-3"),
        U0: entries([["1", "0"], ["1", "1"]]),
        U: entries([["2", "1"], ["0", "1/2"]]),
    },
    {
        **point([["1/2"]], [["-1"]], ["1"]),
        a0: family("1"),
        a: family("2"),
        U0: entries([["1"]]),
        U: entries([["3"]]),
    },
    {
        **point([["0", "1", "0"]] * 3, [["1", "1", "0"], ["0", "0", "1"], ["1", "0", "2"]], ["1/3", "2/3", "2/3"]),
        a0: family("1", "-1", "1"),
        a: family("2", "0", "1/3"),
        U0: entries([["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]),
        U: entries([["1", "1", "0"], ["0", "-1", "0"], ["1/2", "0", "2"]]),
    },
)
_ROUTES = (
    Derivation(name="the sums over the weights", derive=sum_identities.by_rules, spots=_NETWORKS[:2]),
    Certificate(name="balls on small networks", points=_NETWORKS),
)
_WHY = "$sigma(z) = z$ is $beta$-smooth for every $beta > 0$, so the bound would make the difference vanish."
_REAL = (*SIZES, (x[ell], sp.S.Reals), (a[i], sp.S.Reals), *ENTRIES)

DS_LIN_SHALLOW_ONLY = Claim(
    id="ds-lin-shallow-only",
    title="The bound on the linearisation holds for the shallow network only",
    source=Source(
        document=Document.DS,
        where="'Linearization quality', second bullet",
        printed="This holds for any $bold(w)$ and $bold(w)_0$, but only for this shallow case",
    ),
    hypotheses=(
        'The bound is $|f - f^"lin"| <= beta/(2 sqrt(m)) norm(bold(w) - bold(w)_0)^2$ for a $beta$-smooth '
        "activation; it "
        "does not carry over where it fails for one activation.",
        "The activation is $sigma(z) = z$, for which every $beta > 0$ will do.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Two layers, both of them trained: the difference is of second order, and not zero.",
            statement=Identity(
                lhs=_TRAINED_READOUT,
                rhs=sp.Sum((a[i] - a0[i]) * _MOVED_INPUT, (i, 1, m)) / sp.sqrt(m),
                where=((_START, _two_layers(a0, W0)), (_END, _two_layers(a, W))),
                domain=(*_REAL, (a0[i], sp.S.Reals)),
            ),
            routes=_ROUTES,
            mutants=(
                Mutant(name="the bound for a trained read-out", why_false=_WHY, change={"rhs": sp.S.Zero}),
                Mutant(
                    name="of first order",
                    why_false="With $a_j$ in place of its change it would not vanish where the read-out stays.",
                    change={"rhs": sp.Sum(a[i] * _MOVED_INPUT, (i, 1, m)) / sp.sqrt(m)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Three layers, the first two of them trained.",
            statement=Identity(
                lhs=_DEEP,
                rhs=sp.Sum(
                    a[p] * (U[p, q] - U0[p, q]) * sp.Sum((W[q, ell] - W0[q, ell]) * x[ell], (ell, 1, d)),
                    (p, 1, m),
                    (q, 1, m),
                )
                / m,
                where=((_DEEP_START, _three_layers(U0, W0)), (_DEEP_END, _three_layers(U, W))),
                domain=(*_REAL, (U[p, q], sp.S.Reals), (U0[p, q], sp.S.Reals)),
            ),
            routes=_ROUTES,
            mutants=(
                Mutant(name="the bound for a deep network", why_false=_WHY, change={"rhs": sp.S.Zero}),
                Mutant(
                    name="as if the second layer stayed at the start",
                    why_false="The layers move together.",
                    change={
                        "rhs": sp.Sum(
                            a[p] * U0[p, q] * sp.Sum((W[q, ell] - W0[q, ell]) * x[ell], (ell, 1, d)),
                            (p, 1, m),
                            (q, 1, m),
                        )
                        / m
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="A trained read-out is already enough to break the bound: 'second-layer weights $<= 1\\/sqrt(m)$' has to be "
    "read as fixed second-layer weights, as on the slide 'A wide, shallow network'.",
)

_MOVED = sp.Sum((W[j, k] - W0[j, k]) ** 2, (j, 1, m), (k, 1, d))


def _smooth(cap: sp.Expr) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    """The domain of the bound, with ‖W - W_0‖² <= cap."""
    return (
        *SIZES,
        (beta, POSITIVE),
        (epsilon, POSITIVE),
        (z, sp.S.Reals),
        (sigma_prime_prime(z), sp.Interval(-beta, beta)),
        (a[i], sp.Interval(-1, 1)),
        (x[ell], sp.S.Reals),
        (sp.Sum(x[ell] ** 2, (ell, 1, d)), sp.Interval(0, 1)),
        *ENTRIES,
        (_MOVED, sp.Interval(0, cap)),
    )


_CAP = epsilon * 2 / beta * sp.sqrt(m)
_BOUND = beta / (2 * sp.sqrt(m))


def _moved_by(step: str, neurons: int, formula: sp.Expr, bound: str, allowed: str) -> Point:
    """Every neuron moves along the input, by `step`."""
    start = [[sp.Rational(1, row), sp.Rational(-2)] for row in range(1, neurons + 1)]
    inputs = [sp.Rational(3, 5), sp.Rational(4, 5)]
    end = [[weight + sp.Rational(step) * entry for weight, entry in zip(row, inputs, strict=True)] for row in start]
    return {
        **point(start, end, inputs),
        a: family(*[1] * neurons),
        beta: sp.Rational(bound),
        epsilon: sp.Rational(allowed),
        **activation(formula),
    }


_PARABOLA = beta * z**2 / 2
_QUALITY: tuple[Point, ...] = (
    _moved_by("1", 4, _PARABOLA, "2", "2"),
    _moved_by("1/2", 1, _PARABOLA, "1/2", "1/16"),
    _moved_by("1/3", 3, sp.tanh(z), "77/100", "1/2"),
    _moved_by("1/4", 2, normal_cdf(z), "1/4", "1/10"),
    _moved_by("2", 4, _PARABOLA, "1", "2"),
    _moved_by("1/2", 1, _PARABOLA, "1/2", "1/40"),
)
"""The parabola attains the bound, at the distance allowed in the first two; the last two are beyond that distance."""

DS_LIN_GOOD_ENOUGH = Claim(
    id="ds-lin-good-enough",
    title="The linearisation is good enough while the weights stay within the root of the width",
    source=Source(
        document=Document.DS,
        where="'Linearization quality', third bullet",
        printed="So if $norm(bold(w)_t - bold(w)_0)^2 << 2/beta sqrt(m)$, approximation is 'good enough'",
    ),
    hypotheses=(
        NETWORK + " $|a_j| <= 1$, $norm(bold(x)) <= 1$.",
        "$sigma''$ is continuous and $|sigma''(z)| <= beta$ for all $z$.",
        "'$<<$' and 'good enough' put in numbers: a distance of at most $epsilon$ times what is on the right gives an "
        "error of at most $epsilon$, for any $epsilon > 0$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            statement=Inequality(
                lhs=sp.Abs(f(x, W) - f(x, W0) - paired(W[j, k] - W0[j, k])),
                rhs=epsilon,
                where=((f(x, W0), network(W0, sigma)), (f(x, W), network(W, sigma))),
                domain=_smooth(_CAP),
            ),
            routes=(
                Derivation(name="the quadratic bound", derive=within(_BOUND, _MOVED), spots=_QUALITY),
                Certificate(name="search over small networks", points=_QUALITY),
            ),
            mutants=(
                Mutant(
                    name="twice the distance",
                    why_false="The parabola $sigma(z) = beta z^2\\/2$ attains the bound: its error is then $2 "
                    "epsilon$.",
                    change={"domain": _smooth(2 * _CAP)},
                ),
                Mutant(
                    name="half the error",
                    why_false="At the distance allowed the error of the parabola is $epsilon$.",
                    change={"rhs": epsilon / 2},
                ),
                Mutant(
                    name="at a distance of m in place of √m",
                    why_false="The bound shrinks with $1\\/sqrt(m)$, and at $m = 4$ the parabola attains it.",
                    change={"domain": _smooth(_CAP * sp.sqrt(m))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="$epsilon$ is an absolute error: it is small beside the network's output only where that is of order 1.",
)

CLAIMS = (DS_LIN_SHALLOW_ONLY, DS_LIN_GOOD_ENOUGH)
