"""Inputs for which Lemma 12.1 of Lecture 12 holds from a stated width on: orthonormal ones, and correlated ones."""

import sympy as sp

from derivations.matrix_expressions import largest_eigenvalue, smallest_eigenvalue
from verify.claim import Certificate, ExactLaw, Form, Measurement, Mutant, Role
from verify.decide.design import FailureProbability
from verify.experiments.first_layer import (
    CORRELATED_FEATURES,
    ORTHONORMAL_FEATURES,
    largest_singular,
    smallest_singular,
)
from verify.first_layer_laws import orthonormal_features
from verify.ledger._feature_matrix import HALF, KERNEL, K
from verify.ledger._lecture_network import n
from verify.statement import Inequality, ProbabilityBound

lambda_0, epsilon, delta = sp.symbols("lambda_0 epsilon delta", positive=True)

_BOTH = sp.Max(sp.Abs(smallest_singular**2 - HALF), sp.Abs(largest_singular**2 - HALF))
_WIDTH = sp.ceiling(sp.log(2 * n / delta) / (2 * epsilon**2))


def _grid(*values: str) -> sp.FiniteSet:
    return sp.FiniteSet(*map(sp.Rational, values))


_EXACT = ProbabilityBound(
    deviation=_BOTH,
    bound=epsilon,
    level=delta,
    width=_WIDTH,
    domain=(
        (n, sp.FiniteSet(1, 10, 100)),
        (epsilon, _grid("1/10", "1/4", "2/5")),
        (delta, _grid("1/100", "1/20")),
    ),
)
_GRAM = sp.ImmutableMatrix(8, 8, lambda one, other: K(sp.Rational(1, 2 ** abs(one - other))))
_CHERNOFF = sp.ceiling(6 * sp.log(n / delta) / ((1 - sp.log(2)) * lambda_0))
_QUARTER = (lambda_0, _grid("1/4"))
_ALWAYS = FailureProbability(at_least=0.99, source="independent pilot of 20,000 draws: always, at every width")

ORTHONORMAL: tuple[Form, ...] = (
    Form(
        role=Role.CORRECTED,
        remark="Orthonormal inputs, so $n <= d$: all squared singular values are $1\\/2$ up to $epsilon$, from the "
        "width $log(2 n\\/delta)\\/(2 epsilon^2)$ on. There the lemma holds with absolute constants.",
        statement=_EXACT,
        routes=(ExactLaw(name="exact law", law=orthonormal_features),),
        mutants=(
            Mutant(
                name="at any width",
                why_false="At $m = 1$ one neuron is active or not, and the singular values are 0 or 1. At any "
                "width no neuron is active at a given input with probability $2^(-m)$.",
                change={"width": sp.S.One},
            ),
            Mutant(
                name="at a width that does not grow with $n$",
                why_false="At $n = 100$ one of the 100 independent counts is beyond the tolerance with a "
                "probability above $delta$.",
                change={"width": sp.ceiling(sp.log(2 / delta) / (2 * epsilon**2))},
            ),
            Mutant(
                name="a quarter of the tolerance at the same width",
                why_false="At $n = 1$ that is at most $0.83$ standard deviations.",
                change={"bound": epsilon / 4},
            ),
        ),
    ),
    Form(
        role=Role.CORRECTED,
        restates=True,
        remark="Networks drawn weight by weight, at 8 orthonormal inputs.",
        statement=ProbabilityBound(
            deviation=_BOTH,
            bound=epsilon,
            level=delta,
            width=_WIDTH,
            domain=((n, sp.FiniteSet(8)), (epsilon, _grid("1/4")), (delta, _grid("1/10"))),
        ),
        routes=(Measurement(name="networks drawn weight by weight", experiment=ORTHONORMAL_FEATURES),),
        design=FailureProbability(at_most=0.001, source="the exact law: 0.0004 at m = 64"),
        mutants=(
            Mutant(
                name="an eighth of the tolerance at the same width",
                why_false="At $m = 64$ that is half a standard deviation, and there are 8 counts.",
                change={"bound": epsilon / 8},
                design=FailureProbability(at_least=0.9, at=(("m", 64),), source="the exact law: 0.99 at m = 64"),
            ),
            Mutant(
                name="near 1, as if all neurons were active",
                why_false="Half of them are.",
                change={"deviation": sp.Max(sp.Abs(smallest_singular**2 - 1), sp.Abs(largest_singular**2 - 1))},
                design=FailureProbability(at_least=0.99, source="the exact law"),
            ),
        ),
    ),
)

CORRELATED: tuple[Form, ...] = (
    Form(
        role=Role.CORRECTED,
        remark="The limit of $phi phi^top$ at the correlated inputs has no eigenvalue below $1\\/4$.",
        statement=Inequality(lhs=sp.Rational(1, 4), rhs=smallest_eigenvalue(_GRAM), where=(KERNEL,), domain=()),
        routes=(Certificate(name="eigenvalues in ball arithmetic", points=({},), covers_domain=True),),
        mutants=(
            Mutant(
                name="half, as for orthonormal inputs",
                why_false="The smallest is $0.271$.",
                change={"lhs": HALF},
            ),
            Mutant(
                name="no eigenvalue above $3\\/4$",
                why_false="The largest is $0.99$.",
                change={"lhs": largest_eigenvalue(_GRAM), "rhs": sp.Rational(3, 4)},
            ),
        ),
    ),
    Form(
        role=Role.CORRECTED,
        remark="At these inputs $sigma_min^2$ keeps half of $lambda_0$, at a width with the constants of the "
        "matrix Chernoff bound: $2 norm(X X^top) log(n\\/delta)\\/((1 - log 2) lambda_0)$.",
        statement=ProbabilityBound(
            deviation=lambda_0 / 2 - smallest_singular**2,
            bound=sp.S.Zero,
            level=delta,
            width=_CHERNOFF,
            domain=((n, sp.FiniteSet(8)), _QUARTER, (delta, _grid("1/10"))),
        ),
        routes=(Measurement(name="networks drawn weight by weight", experiment=CORRELATED_FEATURES),),
        design=FailureProbability(at_most=0.002, source="independent pilot of 20,000 draws at m = 512: none"),
        mutants=(
            Mutant(
                name="near one half, as for orthonormal inputs",
                why_false="The smallest eigenvalue of the limit is $0.271$.",
                change={"deviation": sp.Rational(2, 5) - smallest_singular**2},
                design=_ALWAYS,
            ),
            Mutant(
                name="$sigma_max^2$ within $1\\/4$ of one half",
                why_false="The largest eigenvalue of the limit is $0.99$.",
                change={"deviation": largest_singular**2 - sp.Rational(3, 4)},
                design=_ALWAYS,
            ),
        ),
    ),
)
