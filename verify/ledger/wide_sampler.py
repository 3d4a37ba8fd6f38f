"""The exact sampler of wide networks: what it draws has the law of networks drawn weight by weight."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Distance
from verify.experiments.samplers import (
    SLOPES,
    dense_slope,
    exact_slope,
    unconditioned_slope,
    uncorrelated_slope,
    unprojected_slope,
)
from verify.statement import EqualityInLaw
from verify.verdict import Verdict

L = sp.Symbol("L", integer=True, positive=True)
rho, beta = sp.symbols("rho beta", nonnegative=True)

_pilot = "independent pilot of 300,000 draws, L = 3, m = 4"

SUITE_WIDE_SAMPLER = Claim(
    id="suite-wide-sampler",
    title="Wide networks sampled without their weights have the law of networks drawn weight by weight",
    source=Source(
        document=Document.SUITE,
        where="the sampler of wide networks",
        printed="Let $Z = W Q$ for the orthonormal basis $Q$ of the signals $G_(h-1)$, and let $tilde(W)$ be an "
        "independent copy of $W_h$. Then $W_h = Z Q^top + tilde(W) (I - Q Q^top)$ in law, jointly with the forward "
        "pass. The tangent kernel and the outputs on finitely many inputs follow from $Z^top Z$ summed by sign "
        "pattern, and from normal and chi-squared variables.",
    ),
    hypotheses=(
        "ReLU networks with $L$ hidden layers of width $m$ and one output; all weights and biases independent "
        "$cal(N)(0, 1)$, $f^h = W_h g^(h-1) + beta b_h$, $g^h = sqrt(2\\/m) max(f^h, 0)$.",
        "Two unit inputs with $x^top x' = rho$, for which the sampler sums by sign pattern.",
        "Compared is $s = (f(x) - f(x'))^2 \\/ norm((partial f(x))/(partial theta) - (partial f(x'))/(partial "
        "theta))^2$, and $0$ where the gradients are equal: a function of the outputs and of all entries of the "
        "tangent kernel.",
        "Widths as small as $m = 4$, where what the forward pass says about the weights matters most.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            statement=EqualityInLaw(
                quantity=exact_slope,
                law=dense_slope,
                tolerance=sp.Rational(1, 10),
                domain=(
                    (L, sp.FiniteSet(1, 2, 3)),
                    (rho, sp.FiniteSet(sp.Rational(49, 50))),
                    (beta, sp.FiniteSet(0, 1)),
                ),
            ),
            routes=(Measurement(name="both samplers side by side", experiment=SLOPES),),
            design=Distance(source="the sampler is exact"),
            mutants=(
                Mutant(
                    name="weights drawn anew in the backward pass",
                    why_false="the weights of the backward pass are those of the forward pass, and the output says "
                    "something about them; for one layer of weights $f(x) = chevron.l nabla f(x), W chevron.r$.",
                    change={"law": unconditioned_slope},
                    design=Distance(at_least=0.105, source=_pilot),
                ),
                Mutant(
                    name="a fresh part that is not orthogonal to the signals",
                    why_false="$Z Q^top + tilde(W)$ has too much variance along the signals.",
                    change={"law": unprojected_slope},
                    design=Distance(at_least=0.14, source=_pilot),
                ),
                Mutant(
                    name="a fresh part that is independent at the two inputs",
                    why_false="one matrix $tilde(W)$ acts on both backward signals: its images have the covariance "
                    "$R_h = B_h^top B_h$, which is not diagonal.",
                    change={"law": uncorrelated_slope},
                    design=Distance(at_least=0.11, source=_pilot),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The tolerance is the resolution of the comparison, less than the distance of every mutant from the law. "
    "Wide networks in other claims are sampled this way.",
)

CLAIMS = (SUITE_WIDE_SAMPLER,)
