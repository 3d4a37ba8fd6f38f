"""The empirical neural tangent kernel: a positive semi-definite kernel, and its form for two layers."""

import sympy as sp

from derivations import sum_identities
from derivations.activations import sigma, sigma_prime
from derivations.expressions import normal_cdf
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import (
    NETWORK,
    SIZES,
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
    preactivation,
    z,
)
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

N, D = sp.symbols("N D", integer=True, positive=True)
p = sp.Symbol("p", integer=True)
c, phi, psi, x1, x2 = (sp.IndexedBase(name, real=True) for name in ("c", "phi", "psi", "x_1", "x_2"))
K = sp.Function("K", real=True)

_KERNEL = ((K(i, j), sp.Sum(phi[i, p] * phi[j, p], (p, 1, D))),)
_TWO_WEIGHTS = {"where": ((K(i, j), sp.Sum(phi[i, p] * psi[j, p], (p, 1, D))),)}
_GRADIENTS = ((N, sp.S.Naturals), (D, sp.S.Naturals), (phi[i, p], sp.S.Reals), (psi[i, p], sp.S.Reals))
_PAIR = (*_GRADIENTS, (i, sp.Range(1, N + 1)), (j, sp.Range(1, N + 1)))
_FORM = sp.Sum(c[i] * K(i, j) * c[j], (i, 1, N), (j, 1, N))


def _features(rows: list[list[str]], others: list[list[str]], *coefficients: str) -> Point:
    return {
        N: len(rows),
        D: len(rows[0]),
        phi: entries(rows),
        psi: entries(others),
        c: family(*coefficients),
        i: 1,
        j: len(rows),
    }


_POINTS: tuple[Point, ...] = (
    _features([["1", "2", "-1"], ["1/2", "0", "3"]], [["0", "1", "1"], ["-4", "-1", "0"]], "1", "-2"),
    _features([["1"], ["-1/3"], ["2"]], [["-1"], ["2"], ["-5"]], "1/2", "1", "-1"),
    _features([["1", "1"], ["1", "1"]], [["-1", "0"], ["-2", "1/3"]], "3", "-2"),
    _features([["2", "1/7"]], [["-1", "1"]], "5"),
)

DS_DEF_ENTK = Claim(
    id="ds-def-entk",
    title="The empirical neural tangent kernel is symmetric and positive semi-definite",
    source=Source(
        document=Document.DS,
        where="'NTK regime'",
        printed="Defining a function $k_bold(w) (bold(x), bold(x)') = chevron.l nabla f(bold(x); bold(w))|_bold(w), "
        "nabla f(bold(x)'; bold(w))|_bold(w) chevron.r$",
    ),
    hypotheses=(
        "$phi_(i p) = partial f(bold(x)_i; bold(w)) \\/ partial w_p$ is the gradient at any inputs "
        "$bold(x)_1, dots, bold(x)_N$, for $D$ parameters; $K_(i j) = k_bold(w) (bold(x)_i, bold(x)_j)$.",
        "What the definition is for: $k_bold(w)$ is a kernel.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="It is symmetric.",
            statement=Identity(lhs=K(i, j), rhs=K(j, i), where=_KERNEL, domain=_PAIR),
            routes=(
                Derivation(name="the sum over the parameters", derive=sum_identities.by_rules, spots=_POINTS[:3]),
                Certificate(name="balls for small matrices", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="with gradients at two different weights",
                    why_false="$phi_1 dot psi_2$ and $phi_2 dot psi_1$ have nothing to do with each other.",
                    change=_TWO_WEIGHTS,
                ),
                Mutant(
                    name="with the first gradient squared",
                    why_false="The two inputs no longer play the same part.",
                    change={"where": ((K(i, j), sp.Sum(phi[i, p] ** 2 * phi[j, p], (p, 1, D))),)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It is positive semi-definite.",
            statement=Inequality(lhs=sp.S.Zero, rhs=_FORM, where=_KERNEL, domain=(*_GRADIENTS, (c[i], sp.S.Reals))),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=by_parts(
                        Part(
                            "The squared norm of $sum_i c_i nabla f(bold(x)_i; bold(w))$.",
                            sp.Sum(sp.Sum(c[i] * phi[i, p], (i, 1, N)) ** 2, (p, 1, D)),
                        )
                    ),
                    spots=_POINTS[:3],
                ),
                Certificate(name="balls for small matrices", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="with gradients at two different weights",
                    why_false="The quadratic form of $phi psi^top$ is negative at these points.",
                    change=_TWO_WEIGHTS,
                ),
                Mutant(
                    name="less a multiple of the identity",
                    why_false="$K$ may be singular, and its quadratic form smaller than $sum_i c_i^2$.",
                    change={"rhs": _FORM - sp.Sum(c[i] ** 2, (i, 1, N))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_INPUTS = ((x1[ell], sp.S.Reals), (x2[ell], sp.S.Reals))
_NETWORKS = tuple((f(inputs, W), network(W, sigma, inputs)) for inputs in (x1, x2))
_ONE, _OTHER = (preactivation(W, i, inputs) for inputs in (x1, x2))
_INNER = sp.Sum(x1[ell] * x2[ell], (ell, 1, d))


def _slope(inputs: sp.IndexedBase) -> sp.Expr:
    return sp.Derivative(f(inputs, W), W[j, k])


def _mean(summand: sp.Expr) -> sp.Expr:
    return sp.Sum(summand, (i, 1, m)) / m


_SLOPES = sigma_prime(_ONE) * sigma_prime(_OTHER)
_WIDTHS: tuple[Point, ...] = tuple(
    {
        m: len(rows),
        d: len(rows[0]),
        W: entries(rows),
        x1: family(*one),
        x2: family(*other),
        a: family(*readout),
        **activation(formula),
    }
    for rows, one, other, readout, formula in (
        ([["1", "-2"], ["1/3", "2"], ["0", "1/5"]], ("1", "1/2"), ("-1/3", "2"), ("1", "-1", "1/2"), sp.tanh(z)),
        ([["1/2"], ["-1/7"]], ("3",), ("2",), ("2", "-1"), z**3 - z),
        ([["1", "0", "1"], ["-1", "1/2", "2"]], ("1", "2", "2"), ("0", "1", "-1/2"), ("-1", "3"), normal_cdf(z)),
    )
)

DS_ID_SHALLOW_KERNEL = Claim(
    id="ds-id-shallow-kernel",
    title="The empirical kernel of the wide shallow network is a mean over its neurons",
    source=Source(
        document=Document.DS,
        where="'A wide, shallow network'",
        printed="$k_bold(w) (bold(x)_1, bold(x)_2) = chevron.l nabla_bold(w) f(bold(x)_1; bold(w)), nabla_bold(w) "
        "f(bold(x)_2; bold(w)) chevron.r = bold(x)_1^top bold(x)_2 [1/m sum_(j=1)^m a_j^2 sigma'(bold(w)_j dot "
        "bold(x)_1) sigma'(bold(w)_j dot bold(x)_2)]$",
    ),
    hypotheses=(
        NETWORK,
        "$sigma$ is any differentiable function, $a_j$ any real numbers; for the signs of the slide $a_j^2 = 1$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=sp.Sum(_slope(x1) * _slope(x2), (j, 1, m), (k, 1, d)),
                rhs=_INNER * _mean(a[i] ** 2 * _SLOPES),
                where=_NETWORKS,
                domain=(*SIZES, (W[j, k], sp.S.Reals), *_INPUTS, (a[i], sp.S.Reals)),
            ),
            routes=(
                Derivation(name="the gradient neuron by neuron", derive=sum_identities.by_rules, spots=_WIDTHS[:2]),
                Certificate(name="balls on small networks", points=_WIDTHS),
            ),
            mutants=(
                Mutant(
                    name="without the product of the inputs",
                    why_false="$bold(x)_1^top bold(x)_2 != 1$ at these points.",
                    change={"rhs": _mean(a[i] ** 2 * _SLOPES)},
                ),
                Mutant(
                    name="the read-out weights not squared",
                    why_false="Each of the two gradients has a factor $a_j$.",
                    change={"rhs": _INNER * _mean(a[i] * _SLOPES)},
                ),
                Mutant(
                    name="the activation in place of its derivative",
                    why_false="That is the kernel of the read-out weights, but for the factor.",
                    change={"rhs": _INNER * _mean(a[i] ** 2 * sigma(_ONE) * sigma(_OTHER))},
                ),
                Mutant(
                    name="divided by √m",
                    why_false="Each of the two gradients has a factor $1\\/sqrt(m)$.",
                    change={"rhs": sp.sqrt(m) * _INNER * _mean(a[i] ** 2 * _SLOPES)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (DS_DEF_ENTK, DS_ID_SHALLOW_KERNEL)
