"""That random features involve every coordinate of the input, and hardly single out any two of them."""

import sympy as sp

from derivations import relu_identities
from derivations.expected_sums import by_expectations
from derivations.expressions import Expect, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity
from verify.verdict import Verdict

m, d = sp.symbols("m d", integer=True, positive=True)
j, k = sp.symbols("j k", integer=True)
w, z = sp.symbols("w z", real=True)

_ZERO = Expect(step(w) * step(-w), (w,), [[1]])
"""P(w = 0): the product of the two steps is 1 at zero and 0 elsewhere."""
_NEGATIVE = Expect(step(-w), (w,), [[1]])
_SIZES = ((m, sp.S.Naturals), (d, sp.S.Naturals))
_POINTS: tuple[Point, ...] = tuple({m: width, d: inputs} for width, inputs in ((3, 2), (1, 4), (5, 5)))
_LINE: tuple[Point, ...] = tuple({z: sp.Rational(value)} for value in ("0", "3/2", "-2/3", "-7", "1/9"))

L12_CLAIM_NTK_DENSE = Claim(
    id="l12-claim-ntk-dense",
    title="Random features involve every coordinate of the input",
    source=Source(
        document=Document.L12,
        where="section 12.3, after Example 12.5",
        printed="if we were to use the NTK approach (kernel method), the network's output will always involve "
        "$sigma(w^top x)$ where $w$ is random so it includes all components of $x$ (i.e. a dense combination of "
        "features)",
    ),
    hypotheses=(
        "$W_(j k) tilde cal(N)(0, 1)$ independent, $sigma$ the ReLU.",
        "'Includes all components' is read as: almost surely no $W_(j k)$ is zero, and a feature whose $w_k$ is not "
        "zero does depend on $x_k$. The second is seen on its odd part, with $z = w^top x$: $1/2 (sigma(w^top x) - "
        "sigma(-w^top x)) = 1/2 sum_k w_k x_k$ is linear with the coefficients $w_k\\/2$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The expected number of zeros among all weights is 0, so almost surely there is none.",
            statement=Identity(lhs=sp.Sum(_ZERO, (j, 1, m), (k, 1, d)), rhs=sp.S.Zero, domain=_SIZES),
            routes=(
                Derivation(name="the probability of one, summed", derive=by_expectations, spots=_POINTS[:2]),
                Certificate(name="quadrature and summation", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="weights cut off at zero",
                    why_false="Half of the weights $max{w, 0}$ would be zero.",
                    change={"lhs": sp.Sum(_NEGATIVE, (j, 1, m), (k, 1, d))},
                ),
                Mutant(
                    name="one zero in each feature",
                    why_false="A normal variable is zero with probability 0.",
                    change={"rhs": m},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The odd part of a feature is linear in $w^top x$, so it involves every $x_k$ with $w_k != 0$.",
            statement=Identity(lhs=relu(z) - relu(-z), rhs=z, domain=((z, sp.S.Reals),)),
            routes=(
                Derivation(name="the sign of $z$", derive=relu_identities.by_sign, spots=_LINE[:3]),
                Certificate(name="exact values", points=_LINE),
            ),
            mutants=(
                Mutant(
                    name="half of it",
                    why_false="One of the two terms is $|z|$ and the other 0.",
                    change={"rhs": z / 2},
                ),
                Mutant(name="the even part", why_false="That is $abs(z)$.", change={"lhs": relu(z) + relu(-z)}),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="Each feature is dense; a sum of features need not be: with enough of them the kernel method does represent "
    "$x_1 x_2$, and how many examples it takes is the subject of Theorem 12.6. How far a feature is from singling out "
    "two coordinates has an exact law: $(w_1^2 + w_2^2)\\/norm(w)^2$ exceeds $t$ with probability $(1 - t)^(d\\/2 - "
    "1)$.",
)

CLAIMS = (L12_CLAIM_NTK_DENSE,)
