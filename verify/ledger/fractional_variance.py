"""Where the variance of a sampled function sits: the degrees weighted by their eigenvalues and their dimensions."""

import sympy as sp

from derivations.kernel_spectra import KernelEigenvalue
from derivations.sum_identities import by_rules
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._cube import bits, krawtchouk, over_cube
from verify.statement import Identity
from verify.verdict import Verdict

d, q = sp.symbols("d q", integer=True, nonnegative=True)
i, k = sp.symbols("i k", integer=True, nonnegative=True)
mu = sp.IndexedBase("mu", positive=True)
V = sp.Function("V", real=True)

_POSITIVE = sp.Interval.open(0, sp.oo)


def _family(*values: object) -> dict[int, sp.Rational]:
    """From the index 0 on."""
    return {index: sp.Rational(value) for index, value in enumerate(values)}


def _up_to(body: sp.Expr, first: sp.Expr, last: sp.Expr) -> sp.Sum:
    return sp.Sum(body, (i, first, last))


_MULTIPLES = sp.binomial(d, i)
_TOTAL = _up_to(_MULTIPLES * mu[i], sp.S.Zero, d)
_SHARE = (V(k), sp.binomial(d, k) * mu[k] / _TOTAL)
_SPECTRA: tuple[Point, ...] = (
    {d: 2, mu: _family(5, 2, "1/2")},
    {d: 3, mu: _family("1/3", 4, "1/100", 2)},
    {d: 5, mu: _family(8, 1, "1/2", "1/3", "1/4", "1/5")},
)

_SMALL = 3
_Y, _Z = (bits(name, _SMALL) for name in "yz")
_D = sp.Integer(_SMALL)


def _differing(one: tuple[sp.Symbol, ...], other: tuple[sp.Symbol, ...]) -> sp.Expr:
    return sp.Add(*((a - b) ** 2 for a, b in zip(one, other, strict=True)))


def _projector(one: tuple[sp.Symbol, ...]) -> sp.Expr:
    """2^-d Σ_{|S| = k} χ_S at x = (1, …, 1) and another input."""
    return krawtchouk(k, sp.Add(*one), _D) / 2**_SMALL


_PROJECTED = over_cube(sp.KroneckerDelta(_differing(_Y, _Z), q) * _projector(_Y) * _projector(_Z), (*_Y, *_Z))
_EIGENVALUE = krawtchouk(q, k, _D) / 2**_SMALL
_ALL_DEGREES: tuple[Point, ...] = tuple(
    {k: degree, q: distance} for degree in range(_SMALL + 1) for distance in range(_SMALL + 1)
)
_DEGREES = ((k, sp.FiniteSet(*range(_SMALL + 1))), (q, sp.FiniteSet(*range(_SMALL + 1))))

_DIM = 12
_WEIGHTS, _BIASES = sp.Integer(2), sp.Rational(1, 2)


def _relu(kind: str, degree: sp.Expr) -> sp.Expr:
    return KernelEigenvalue("cube", "relu", kind, 1, _WEIGHTS, _BIASES, d, degree)


_BEFORE = _WEIGHTS + _BIASES
_AT_INPUT = _WEIGHTS * _BEFORE / 2 + _BIASES
"""The CK at x = x', for one hidden layer of ReLUs: σ_w² q/2 + σ_b² with q = σ_w² + σ_b²."""
_TRAINED = _AT_INPUT + _WEIGHTS * _BEFORE / 2
"""The NTK there: the CK and σ_w² q times E σ'(u)² = 1/2."""
_ON_CUBE: tuple[Point, ...] = tuple({d: dimension} for dimension in (1, 4, _DIM))
_CUBES = ((d, sp.FiniteSet(1, 4, _DIM)),)

_PRINTED = (
    "One measure of how the eigenvalues affect the learned function is through degree k fractional variance which is "
    "$(binom(d, k) mu_k)/(sum_(i = 0)^d binom(d, i) mu_i)$ where the degree k fractional variance is the fraction of "
    "the variance of the sampled function f from K being the NTK or CK."
)

IM_FRACTIONAL_VARIANCE = Claim(
    id="im-id-fracvar",
    title="The fractional variance of a degree",
    source=Source(document=Document.IM, where="section 3, display 3", printed=_PRINTED),
    hypotheses=(
        "$f$ is a Gaussian process of mean 0 with covariance $K$ on the cube $\\{plus.minus 1\\}^d$, and $mu_k$ the "
        "eigenvalue of its kernel at degree $k$. $P_k f$ is the part of $f$ of degree $k$, its projection onto the "
        "parity functions of $k$ coordinates.",
        "Second form: inputs are written by bits $y_i$, $x$ is $(1, dots, 1)$, which stands for all inputs by "
        "symmetry; the kernel is 1 for inputs that differ in $q$ coordinates, else 0, and all others are combinations "
        "of these. $P_k f (x)$ is the mean of $sum_(abs(S) = k) chi_S (x) chi_S (y) f(y)$ over $y$.",
        "Last two forms: ReLU, one hidden layer, $sigma_w^2 = 2$, $sigma_b^2 = 1\\/2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The fractions of all degrees add up to 1.",
            statement=Identity(
                lhs=sp.Sum(V(k), (k, 0, d)),
                rhs=sp.S.One,
                where=(_SHARE,),
                domain=((d, sp.S.Naturals0), (mu[i], _POSITIVE)),
            ),
            routes=(
                Derivation(name="by the rules of finite sums", derive=by_rules, spots=_SPECTRA[:2]),
                Certificate(name="small spectra, exactly", points=_SPECTRA),
            ),
            mutants=(
                Mutant(
                    name="the denominator from i = 1 on",
                    why_false="The mean of a function is part of its variance over networks.",
                    change={
                        "where": ((V(k), sp.binomial(d, k) * mu[k] / _up_to(_MULTIPLES * mu[i], sp.S.One, d)),),
                    },
                ),
                Mutant(
                    name="each eigenvalue once in the denominator",
                    why_false="The eigenvalue at degree $k$ counts $binom(d, k)$ times.",
                    change={"where": ((V(k), sp.binomial(d, k) * mu[k] / _up_to(mu[i], sp.S.Zero, d)),)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The numerator is the variance of the part of degree $k$, for every kernel, in three dimensions.",
            statement=Identity(lhs=_PROJECTED, rhs=sp.binomial(_D, k) * _EIGENVALUE, domain=_DEGREES),
            routes=(Certificate(name="all degrees and distances", points=_ALL_DEGREES, covers_domain=True),),
            mutants=(
                Mutant(
                    name="the eigenvalue alone",
                    why_false="That is the variance along one parity function.",
                    change={"rhs": _EIGENVALUE},
                ),
                Mutant(
                    name="the eigenvalue squared",
                    why_false="Eigenvalues are variances.",
                    change={"rhs": sp.binomial(_D, k) * _EIGENVALUE**2},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The denominator is the variance of $f$ at an input, $K(x, x)$, for a network's CK.",
            statement=Identity(lhs=_up_to(_MULTIPLES * _relu("ck", i), sp.S.Zero, d), rhs=_AT_INPUT, domain=_CUBES),
            routes=(Certificate(name="three cubes", points=_ON_CUBE, covers_domain=True),),
            mutants=(
                Mutant(
                    name="the NTK's eigenvalues",
                    why_false="The tangent kernel at $x = x'$ is larger: the first layer is trained too.",
                    change={"lhs": _up_to(_MULTIPLES * _relu("ntk", i), sp.S.Zero, d)},
                ),
                Mutant(
                    name="each eigenvalue once",
                    why_false="Their sum tends to $mu_0$ as the dimension grows.",
                    change={"lhs": _up_to(_relu("ck", i), sp.S.Zero, d)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="And for its NTK.",
            statement=Identity(lhs=_up_to(_MULTIPLES * _relu("ntk", i), sp.S.Zero, d), rhs=_TRAINED, domain=_CUBES),
            routes=(Certificate(name="three cubes", points=_ON_CUBE, covers_domain=True),),
            mutants=(
                Mutant(
                    name="without the last layer",
                    why_false="Its part is the CK.",
                    change={"rhs": _TRAINED - _AT_INPUT},
                ),
                Mutant(
                    name="without the constants",
                    why_false="$mu_0$ is part of the variance.",
                    change={"lhs": sp.Sum(_MULTIPLES * _relu("ntk", i), (i, 1, d))},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
)

CLAIMS = (IM_FRACTIONAL_VARIANCE,)
