"""From one layer to the next: the constant that keeps the norms, the covariances, and those of the derivatives."""

import sympy as sp

from derivations import arccosine, scaled_recursions
from derivations.activations import sigma
from derivations.expressions import Expect, Iterate, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.quantities import notation
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

L = sp.Symbol("L", integer=True, nonnegative=True)
j = sp.Symbol("j", integer=True)
u, v, z, q = sp.symbols("u v z q", real=True)
rho, x, y = sp.symbols("rho x y", real=True)
s, t, c_sigma = sp.symbols("s t c_sigma", positive=True)
norm = sp.Symbol(notation("norm_x", typst="norm(x)", latex=r"\lVert x \rVert", text="‖x‖"), positive=True)

_POSITIVE, _REALS = sp.Interval.open(0, sp.oo), sp.S.Reals
_UNIT = [[1]]
_DEFINITION = "$c_sigma = (E_(z tilde.op cal(N)(0, 1)) [sigma(z)^2])^(-1)$"


def _constant(of: sp.Expr) -> sp.Expr:
    """1/E[f(z)²]."""
    return 1 / Expect(of**2, (z,), _UNIT)


def _near(of: sp.Expr, value: str) -> Inequality:
    """The constant of a function is a decimal number, to half a unit of its last digit."""
    digits = len(value.split(".")[1])
    return Inequality(lhs=sp.Abs(_constant(of) - sp.Rational(value)), rhs=sp.Rational(1, 2 * 10**digits))


def _number(value: str) -> tuple[Certificate, ...]:
    return (Certificate(name=f"ball arithmetic, {value}", points=({},), covers_domain=True, digits=12),)


def _numerical(name: str, of: sp.Expr, value: str) -> Form:
    return Form(
        role=Role.PRINTED,
        remark=f"For {name}, $c_sigma = {value}$ to five decimals.",
        statement=_near(of, value),
        routes=_number(value),
        mutants=(
            Mutant(
                name="no constant: 1",
                why_false="The activation is not of mean square 1.",
                change={"lhs": sp.Abs(1 - sp.Rational(value))},
            ),
            Mutant(
                name="the root of it",
                why_false="The constant stands under a root in the definition of the layers; it is no root itself.",
                change={"lhs": sp.Abs(sp.sqrt(_constant(of)) - sp.Rational(value))},
            ),
        ),
    )


IM_CONSTANT = Claim(
    id="im-def-csigma",
    title="The constant of the layers for the usual activations",
    source=Source(document=Document.IM, where="section 2, after the first display", printed=_DEFINITION),
    hypotheses=("The values are not printed; they are what the definition gives.",),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="For the ReLU, $c_sigma = 2$.",
            statement=Identity(lhs=_constant(relu(z)), rhs=sp.Integer(2)),
            routes=(
                Derivation(name="the half-line integral", derive=arccosine.derive, spots=({},)),
                Certificate(name="ball arithmetic", points=({},), covers_domain=True),
            ),
            mutants=(
                Mutant(name="no constant: 1", why_false="$E[sigma(z)^2] = 1\\/2$.", change={"rhs": sp.S.One}),
                Mutant(
                    name="from the mean in place of the mean square",
                    why_false="$1 \\/ E[sigma(z)] = sqrt(2 pi) = 2.51$.",
                    change={"lhs": 1 / Expect(relu(z), (z,), _UNIT)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="For the error function, $c_sigma = pi\\/(2 arcsin(2\\/3)) = 2.15258$.",
            statement=Identity(lhs=_constant(sp.erf(z)), rhs=sp.pi / (2 * sp.asin(sp.Rational(2, 3)))),
            routes=(Certificate(name="ball arithmetic", points=({},), covers_domain=True, digits=12),),
            mutants=(
                Mutant(
                    name="for tanh",
                    why_false="Its constant is $2.54$.",
                    change={"lhs": _constant(sp.tanh(z))},
                ),
                Mutant(name="no constant: 1", why_false="It is $2.15$.", change={"lhs": sp.S.One}),
            ),
        ),
        _numerical("tanh", sp.tanh(z), "2.53618"),
        _numerical("the sigmoid $1\\/(1 + e^(-z))$", 1 / (1 + sp.exp(-z)), "3.40856"),
    ),
    expected=Verdict.CERTIFIED,
)

# The diagonal: what the constant is for.


def _variance(activation: sp.Expr, start: sp.Expr, constant: sp.Expr) -> Iterate:
    """Σ^(L)(x, x), `activation` in u: E[σ(u)²] over N(0, Σ^(L-1)(x, x)), times the constant."""
    return Iterate(constant * Expect(activation**2, (u,), [[q]]), q, j, start, L)


_MEAN_SQUARE = Expect(sigma(u) ** 2, (u,), _UNIT)
_RELU = ((c_sigma, 1 / Expect(relu(z) ** 2, (z,), _UNIT)),)
_NORMS = ((L, sp.S.Naturals0), (norm, _POSITIVE))


def _sizes(*numbers: object) -> tuple[Point, ...]:
    return tuple({L: deep, norm: sp.Rational(size)} for deep, size in enumerate(numbers))


_ACTIVATIONS: tuple[Point, ...] = tuple(
    {L: deep, sigma: sp.Lambda(z, of)}
    for deep, of in ((0, relu(z)), (1, z**3 - z), (3, relu(z) + z / 2), (2, sp.exp(z / 3)), (1, sp.cos(z)))
)
_DIAGONAL_POINTS = _sizes("1/2", 2, 1, "3/7", 5)
_DIAGONAL_ROUTES = (
    Derivation(name="induction over the depth", derive=scaled_recursions.on_diagonal, spots=_DIAGONAL_POINTS[:2]),
    Certificate(name="the recursion in balls", points=_DIAGONAL_POINTS),
)

IM_DIAGONAL = Claim(
    id="im-id-sigma-diag",
    title="The constant keeps the diagonal: unit inputs for any activation, all inputs for the ReLU",
    source=Source(
        document=Document.IM,
        where="section 2, a consequence of the definitions",
        printed="$Sigma^((h)) (x, x') = c_sigma E_((u, v) tilde.op cal(N)(0, Lambda^((h)))) [sigma(u) sigma(v)]$, "
        + _DEFINITION
        + ", at $x' = x$",
    ),
    hypotheses=(
        "At $x' = x$ the pair $(u, v)$ has $v = u$.",
        "First form: $norm(x) = 1$, any activation with $0 < E[sigma(z)^2] < infinity$. The others: the ReLU, $x != "
        "0$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="$Sigma^((L)) (x, x) = 1$ at $norm(x) = 1$, for any activation.",
            statement=Identity(
                lhs=_variance(sigma(u), sp.S.One, 1 / _MEAN_SQUARE),
                rhs=sp.S.One,
                domain=((L, sp.S.Naturals0), (_MEAN_SQUARE, _POSITIVE)),
            ),
            routes=(
                Derivation(
                    name="induction over the depth", derive=scaled_recursions.by_induction, spots=_ACTIVATIONS[:3]
                ),
                Certificate(name="given activations", points=_ACTIVATIONS),
            ),
            mutants=(
                Mutant(
                    name="without the constant",
                    why_false="After one layer the variance is $E[sigma(z)^2] != 1$ for these activations.",
                    change={"lhs": _variance(sigma(u), sp.S.One, sp.S.One)},
                ),
                Mutant(
                    name="the value 1/2",
                    why_false="At $L = 0$ it is $norm(x)^2 = 1$.",
                    change={"rhs": sp.S.Half},
                ),
                Mutant(
                    name="inputs of another norm",
                    why_false="At $norm(x)^2 = 2$ it is 2 at $L = 0$ already.",
                    change={"lhs": _variance(sigma(u), sp.Integer(2), 1 / _MEAN_SQUARE)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="For the ReLU $Sigma^((L)) (x, x) = norm(x)^2$.",
            statement=Identity(lhs=_variance(relu(u), norm**2, c_sigma), rhs=norm**2, where=_RELU, domain=_NORMS),
            routes=_DIAGONAL_ROUTES,
            mutants=(
                Mutant(
                    name="for tanh",
                    why_false="It is bounded, so that its covariances are at most $c_sigma = 2.54$; at $norm(x) = 2$ "
                    "and $L = 1$ the norm is 4.",
                    change={
                        "lhs": _variance(sp.tanh(u), norm**2, c_sigma),
                        "where": ((c_sigma, _constant(sp.tanh(z))),),
                    },
                ),
                Mutant(
                    name="1 for all norms",
                    why_false="The ReLU is homogeneous.",
                    change={"rhs": sp.S.One},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="For the ReLU $dot(Sigma)^((L+1)) (x, x) = 1$.",
            statement=Identity(
                lhs=c_sigma * Expect(step(u) ** 2, (u,), [[_variance(relu(u), norm**2, c_sigma)]]),
                rhs=sp.S.One,
                where=_RELU,
                domain=_NORMS,
            ),
            routes=_DIAGONAL_ROUTES,
            mutants=(
                Mutant(
                    name="the value 1/2",
                    why_false="$E[dot(sigma)(u)^2] = 1\\/2$, and $c_sigma = 2$.",
                    change={"rhs": sp.S.Half},
                ),
                Mutant(
                    name="the square of the norm",
                    why_false="The derivative of the ReLU is homogeneous of degree 0.",
                    change={"rhs": norm**2},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (IM_CONSTANT, IM_DIAGONAL)
