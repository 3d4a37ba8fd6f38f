"""Numbers of the eigenvalue theorem: how many dimensions the polynomials of low degree have, and on what images."""

import sympy as sp

from derivations import relu_identities
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity
from verify.verdict import Verdict

d, k, r, c = sp.symbols("d k r c", integer=True, positive=True)
_UNIT = sp.Integer(10) ** 10
_PRINTED = (
    "if $d = 576$ which is the number of pixels in an MNIST image, and $k = 5$, the number of dimensions spanned is "
    "about $5.2 times 10^11$"
)


def _rounded(number: sp.Expr) -> sp.Expr:
    """A number in units of 10^10, to the nearest whole: two digits of what is of the size 10^11."""
    return sp.floor(number / _UNIT + sp.S.Half)


def _up_to(degree: int) -> sp.Expr:
    return sp.Add(*(sp.binomial(d, n) for n in range(degree + 1)))


_AT: Point = {d: 576, k: 5}
_MNIST: Point = {d: 784, k: 5}
"""The pixels there are: outside the domain, of use only where a mutant says so."""
_ROUTES = (
    Derivation(name="arithmetic", derive=relu_identities.exhaustive, spots=(_AT, _MNIST)),
    Certificate(name="exact arithmetic", points=(_AT, _MNIST), covers_domain=True),
)


def _sizes(dimension: int) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    return ((d, sp.FiniteSet(dimension)), (k, sp.FiniteSet(5)))


IM_DIMENSIONS = Claim(
    id="im-num-576-5e11",
    title="In 576 dimensions the polynomials of degree 5 have about 5.2e11 dimensions",
    source=Source(document=Document.IM, where="section 3, after the first theorem", printed=_PRINTED),
    hypotheses=(
        "On the cube the degree-$k$ eigenspace is spanned by the products of $k$ coordinates, $binom(d, k)$ of them.",
        "About $5.2 times 10^11$: $52 times 10^10$, to the nearest multiple of $10^10$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The eigenspace of degree 5.",
            statement=Identity(lhs=_rounded(sp.binomial(d, k)), rhs=sp.Integer(52), domain=_sizes(576)),
            routes=_ROUTES,
            mutants=(
                Mutant(
                    name="the leading term d^k/k!",
                    why_false="$576^5\\/5! = 5.28 times 10^11$, which rounds to $5.3$.",
                    change={"lhs": _rounded(d**k / sp.factorial(k))},
                ),
                Mutant(
                    name="at the 784 pixels of an MNIST image",
                    why_false="It is $2.44 times 10^12$ there.",
                    change={"domain": _sizes(784)},
                ),
                Mutant(
                    name="degree 4",
                    why_false="It is $4.5 times 10^9$.",
                    change={"lhs": _rounded(sp.binomial(d, k - 1))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="All degrees up to 5 together.",
            statement=Identity(lhs=_rounded(_up_to(5)), rhs=sp.Integer(52), domain=_sizes(576)),
            routes=_ROUTES,
            mutants=(
                Mutant(
                    name="all degrees up to 4",
                    why_false="They are less than a hundredth of it.",
                    change={"lhs": _rounded(_up_to(4))},
                ),
                Mutant(
                    name="5.3",
                    why_false="523,814,864,017 rounds to $5.2 times 10^11$.",
                    change={"rhs": sp.Integer(53)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="$binom(576, 5)$ is 519,244,165,440. The dimension $d^k\\/k!$ of the theorem itself, to leading "
    "order, would be printed as $5.3 times 10^11$.",
)

_PIXELS = r * c
_IMAGE = ((r, sp.FiniteSet(28)), (c, sp.FiniteSet(28)))
_IMAGE_POINT: Point = {r: 28, c: 28}
_IMAGE_ROUTES = (
    Derivation(name="rows times columns", derive=relu_identities.exhaustive, spots=(_IMAGE_POINT,)),
    Certificate(name="exact arithmetic", points=(_IMAGE_POINT,), covers_domain=True),
)

IM_MNIST = Claim(
    id="im-num-576-mnist",
    title="The number of pixels of an MNIST image",
    source=Source(document=Document.IM, where="section 3, after the first theorem", printed=_PRINTED),
    hypotheses=("An MNIST image has 28 rows and 28 columns.",),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed.",
            statement=Identity(lhs=_PIXELS, rhs=sp.Integer(576), domain=_IMAGE),
            routes=_IMAGE_ROUTES,
        ),
        Form(
            role=Role.CORRECTED,
            remark="As it is.",
            statement=Identity(lhs=_PIXELS, rhs=sp.Integer(784), domain=_IMAGE),
            routes=_IMAGE_ROUTES,
            mutants=(
                Mutant(
                    name="without the frame of four pixels",
                    why_false="The digits fit into $20 times 20$ pixels; the images do not.",
                    change={"rhs": sp.Integer(400)},
                ),
                Mutant(
                    name="padded to a power of two",
                    why_false="$32 times 32 = 1024$ is CIFAR's size.",
                    change={"rhs": sp.Integer(1024)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="$576 = 24^2$. The number of dimensions printed with it belongs to $d = 576$ (im-num-576-5e11); for $d = 784$ "
    "it is $2.44 times 10^12$.",
)

CLAIMS = (IM_DIMENSIONS, IM_MNIST)
