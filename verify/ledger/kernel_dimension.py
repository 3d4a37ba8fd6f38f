"""How many features a kernel has: infinitely many for the NTK of a ReLU network and for the Gaussian kernel."""

import sympy as sp

from derivations import fourier, spectral_density
from derivations.expressions import Expect
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Role, Source
from verify.quantities import notation
from verify.statement import Identity
from verify.verdict import Verdict

t, u = sp.symbols("t u", real=True)
j = sp.Symbol("j", integer=True, positive=True)
v = sp.Symbol("v", positive=True)
Theta = sp.Function(notation("ntk_at_angle", typst="Theta", latex=r"\Theta", text="Θ"), real=True)

_RELU = (sp.sin(t) + 2 * (sp.pi - t) * sp.cos(t)) / sp.pi
"""κ₁(cos t) + cos t κ₀(cos t), the NTK of one hidden ReLU layer at two unit inputs at the angle t."""
_LINEAR = 2 * sp.cos(t)
_SQUARE = 4 * sp.cos(t) ** 2 / 3 + (1 + 2 * sp.cos(t) ** 2) / 3
_DEGREES = tuple({j: sp.Integer(degree)} for degree in (1, 2, 3, 7, 20))
_VARIANCES = tuple({v: sp.Rational(variance)} for variance in ("1/10", "1", "7/3", "9"))


def _coefficient(of: sp.Expr) -> sp.Integral:
    return sp.Integral(of * sp.cos(2 * j * t), (t, 0, sp.pi)) * 2 / sp.pi


def _with(kernel: sp.Expr) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    return ((Theta(t), kernel),)


DS_INF_DIM = Claim(
    id="ds-inf-dim",
    title="The infinite-width NTK of a ReLU network has infinitely many features",
    source=Source(
        document=Document.DS,
        where="slides 'Infinite NTKs are infinite-dimensional'",
        printed="Infinite NTKs are infinite-dimensional",
    ),
    hypotheses=(
        "The activation is not a polynomial (not stated): here the ReLU, with one hidden layer, $c_sigma = 2$ and no "
        "biases. Then $Theta(t) = kappa_1 (cos t) + cos t space kappa_0 (cos t)$ at two unit inputs at the angle $t$.",
        "Inputs on the unit circle, in a plane of the input space. There the eigenfunctions of a kernel of the angle "
        "are $cos(k t)$ and $sin(k t)$, and the eigenvalue is its cosine coefficient. The dimension of the space of "
        "the kernel is the number of eigenvalues that do not vanish.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="No cosine coefficient of even degree vanishes: each is positive.",
            statement=Identity(
                lhs=_coefficient(Theta(t)),
                rhs=4 * (4 * j**2 + 3) / (sp.pi**2 * (4 * j**2 - 1) ** 2),
                where=_with(_RELU),
                domain=((j, sp.S.Naturals),),
            ),
            routes=(
                Derivation(name="term by term", derive=fourier.coefficient, spots=_DEGREES[:2]),
                Certificate(name="ball quadrature", points=_DEGREES),
            ),
            mutants=(
                Mutant(
                    name="a linear network",
                    why_false="its NTK is $2 cos t$, all of whose coefficients of even degree vanish: with $sigma(z) "
                    "= z$ the dimension is that of the inputs.",
                    change={"where": _with(_LINEAR)},
                ),
                Mutant(
                    name="the activation z²",
                    why_false="its NTK is a polynomial of degree 2 in $cos t$, whose coefficients vanish beyond "
                    "degree 2: the dimension is finite for every polynomial activation.",
                    change={"where": _with(_SQUARE)},
                ),
                Mutant(
                    name="the NNGP kernel",
                    why_false="without the terms of the first layer every coefficient is smaller.",
                    change={"where": _with((sp.sin(t) + (sp.pi - t) * sp.cos(t)) / sp.pi)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The slide says it of every infinite-width NTK. For polynomial activations it is false, as the first two "
    "mutants show. The coefficients of odd degree above 1 do vanish for this network: on the whole sphere its kernel "
    "is not universal.",
)

DS_GAUSS_INF_DIM = Claim(
    id="ds-gauss-inf-dim",
    title="The Gaussian kernel has infinitely many features",
    source=Source(
        document=Document.DS,
        where="slides 'Infinite NTKs are infinite-dimensional'",
        printed="Gaussian kernel $k(bold(x)_1, bold(x)_2) = exp(-1/(2 sigma^2) norm(bold(x)_1 - bold(x)_2)^2)$ is also "
        "infinite-dim",
    ),
    hypotheses=(
        "$u = z (x_1 - x_2)\\/sigma$ with $z tilde cal(N)(0, 1)$ on a line of inputs, $v = (x_1 - x_2)^2\\/sigma^2$ "
        "its variance.",
        "So $sum_(i j) c_i c_j k(x_i, x_j) = bb(E)_z abs(sum_j c_j e^(upright(i) z x_j\\/sigma))^2$, which vanishes "
        "only if the sum does for almost every $z$: for distinct $x_j$ only if all $c_j$ vanish, "
        "however many there are.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The kernel is the Fourier transform of a density that is positive everywhere.",
            statement=Identity(
                lhs=Expect(sp.cos(u), (u,), [[v]]),
                rhs=sp.exp(-v / 2),
                domain=((v, sp.Interval.open(0, sp.oo)),),
            ),
            routes=(
                Derivation(name="heat equation", derive=spectral_density.of_cosine, spots=_VARIANCES[:2]),
                Certificate(name="ball quadrature of the definition", points=_VARIANCES),
            ),
            mutants=(
                Mutant(
                    name="half the variance",
                    why_false="that is the Fourier transform of a normal density of half the variance.",
                    change={"rhs": sp.exp(-v / 4)},
                ),
                Mutant(
                    name="the kernel cos(x − x')",
                    why_false="it is the Fourier transform of two atoms, and has two features, a cosine and a sine.",
                    change={"rhs": sp.cos(sp.sqrt(v))},
                ),
                Mutant(
                    name="the Laplace kernel",
                    why_false="it is the Fourier transform of the Cauchy density.",
                    change={"rhs": sp.exp(-sp.sqrt(v))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The last step, from the density to the dimension, is the second hypothesis; it is not machine-checked.",
)

CLAIMS = (DS_INF_DIM, DS_GAUSS_INF_DIM)
