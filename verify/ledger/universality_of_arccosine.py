"""Where the arc-cosine kernel is universal: on a slice of the sphere, and not on the whole of it."""

import sympy as sp

from derivations import fourier
from derivations.sum_identities import by_rules
from derivations.taylor_coefficients import TaylorCoefficient
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

u, t = sp.symbols("u t", real=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
j = sp.Symbol("j", integer=True, nonnegative=True)
n = sp.Symbol("n", integer=True, positive=True)
kappa = sp.Function("kappa", real=True)
y = sp.Function("y", real=True)

_PRINTED = (
    "This kernel has nice properties: it's universal on ${x in bb(R)^(d + 1) : norm(x) = 1, x_(d + 1) = 1 \\/ sqrt(2)}$"
)
_WHERE = "second slide 'arccos kernel'"
_HALF = sp.S.Half
_KERNEL = u * (_HALF - sp.acos(u) / (2 * sp.pi))
_SLICE = (
    "The kernel is $kappa(u) = u (1\\/2 - arccos(u)\\/(2 pi))$, $u = x dot x'$. On the slice $u = 1\\/2 + v$, where "
    "$v$ is the inner product of the first $d$ coordinates of $x$ and $x'$, which fill the sphere of radius "
    "$1\\/sqrt(2)$: $abs(v) <= 1\\/2$."
)
_THEOREM = (
    "Universal: the sums of multiples of $kappa(x dot x_i)$ are dense in the continuous functions on the slice. By a "
    "theorem of Steinwart (2001) it is enough that every coefficient $c_j$ of the power series in $v$ is positive, and "
    "that the series converges for $abs(v) < r$ with $r$ above the largest $abs(v)$; here it converges at the end "
    "$abs(v) = 1\\/2$ itself, absolutely, which is what its proof uses. The theorem is not machine-checked."
)
_MOST = 60


def _coefficient(order: sp.Expr, centre: sp.Expr = _HALF) -> TaylorCoefficient:
    return TaylorCoefficient(kappa(u), u, centre, order)


def _arcsine(order: sp.Expr) -> sp.Expr:
    """The coefficient of arcsin at 1/2, of an order from 1 on: a value of Legendre's polynomial, all terms positive."""
    less = order - 1
    terms = sp.binomial(less, k) * sp.binomial(2 * less - 2 * k, less) * 3**k
    return 2 * sp.sqrt(3) / (order * 3**order) * sp.Sum(terms, (k, 0, sp.floor(less / 2)))


_POSITIVE = (_arcsine(j) / 2 + _arcsine(j - 1)) / (2 * sp.pi)
_LOW = 2**j / (25 * (j + 1) ** sp.Rational(3, 2))
_WITH = ((kappa(u), _KERNEL),)


def _orders(first: int) -> tuple[Point, ...]:
    return tuple({j: order} for order in range(first, _MOST + 1))


def _up_to(first: int) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    return ((j, sp.FiniteSet(*range(first, _MOST + 1))),)


_INVERSE_ROOT = (y(u), 1 / sp.sqrt(1 - u**2))
_INSIDE: tuple[Point, ...] = tuple({u: sp.Rational(value)} for value in ("1/2", "-1/3", "9/10"))

DS_UNIVERSAL = Claim(
    id="ds-universal",
    title="The arc-cosine kernel is universal on a slice of the sphere",
    source=Source(document=Document.DS, where=_WHERE, printed=_PRINTED),
    hypotheses=(_SLICE, _THEOREM),
    forms=(
        Form(
            role=Role.TESTED,
            remark=f"No coefficient vanishes: $c_j$ has a positive lower bound, up to the order {_MOST}.",
            statement=Inequality(lhs=_LOW, rhs=_coefficient(j), where=_WITH, domain=_up_to(0)),
            routes=(Certificate(name="power series of balls", points=_orders(0), covers_domain=True),),
            mutants=(
                Mutant(
                    name="on the slice x_(d+1) = 0",
                    why_false="There $u = v$, and at 0 the coefficients of odd order from 3 on vanish.",
                    change={"rhs": _coefficient(j, sp.S.Zero)},
                ),
                Mutant(
                    name="a bound a quarter larger",
                    why_false="$2^(-j) j^(3\\/2) c_j$ tends to $1\\/(4 pi^(3\\/2)) = 0.0449$.",
                    change={"lhs": _LOW * sp.Rational(5, 4)},
                ),
                Mutant(
                    name="a linear network",
                    why_false="Its kernel is linear in $v$.",
                    change={"where": ((kappa(u), u / 2),)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="From $j = 2$ on they are these sums, in which every term is positive.",
            statement=Identity(lhs=_coefficient(j), rhs=_POSITIVE, where=_WITH, domain=_up_to(2)),
            routes=(Certificate(name="power series of balls", points=_orders(2), covers_domain=True),),
            mutants=(
                Mutant(
                    name="on the slice x_(d+1) = 0",
                    why_false="At 0 every second coefficient vanishes.",
                    change={"lhs": _coefficient(j, sp.S.Zero)},
                ),
                Mutant(
                    name="the kernel without x · x'",
                    why_false="The factor $u = 1\\/2 + v$ adds the half of a coefficient to the one before it.",
                    change={"where": ((kappa(u), _HALF - sp.acos(u) / (2 * sp.pi)),)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="And for all orders: by this equation the coefficients $b_j$ of $y = arcsin'$ at $1\\/2$ obey "
            "$3\\/4 (j + 1) b_(j + 1) = (j + 1\\/2) b_j + j b_(j - 1)$, so that none vanishes after $b_0 = "
            "2\\/sqrt(3)$; and $2 pi c_(j + 1) = b_j\\/(2 j + 2) + b_(j - 1)\\/j$.",
            statement=Identity(
                lhs=(1 - u**2) * sp.Derivative(y(u), u),
                rhs=u * y(u),
                where=(_INVERSE_ROOT,),
                domain=((u, sp.Interval.open(-1, 1)),),
            ),
            routes=(
                Derivation(name="differentiation", derive=by_rules, spots=_INSIDE),
                Certificate(name="balls at a few arguments", points=_INSIDE),
            ),
            mutants=(
                Mutant(
                    name="the arcsine itself",
                    why_false="The equation is that of its derivative.",
                    change={"where": ((y(u), sp.asin(u)),)},
                ),
                Mutant(
                    name="with the other sign",
                    why_false="$(1 + u^2)^(-1\\/2)$ has it, whose coefficients change their signs.",
                    change={"rhs": -u * y(u)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="The last coordinate is a bias in disguise: at an inner product of $1\\/2$ the expansion mixes even and odd "
    "orders.",
)

_ANGLE = (kappa(t), sp.cos(t) * (sp.pi - t) / (2 * sp.pi))
_DEGREES: tuple[Point, ...] = tuple({n: degree} for degree in (1, 2, 3, 10))
_ANGLES: tuple[Point, ...] = tuple({t: sp.Rational(angle)} for angle in ("1/3", "1", "5/2"))
_RANGE = (t, sp.Interval(0, sp.pi))


def _fourier(degree: sp.Expr) -> sp.Expr:
    return 2 / sp.pi * sp.Integral(kappa(t) * sp.cos(degree * t), (t, 0, sp.pi))


DS_NOT_UNIVERSAL = Claim(
    id="ds-universal-neg",
    title="On the whole sphere the arc-cosine kernel is not universal",
    source=Source(document=Document.DS, where=_WHERE, printed=_PRINTED),
    hypotheses=(
        "Is the slice needed? The same kernel on the whole sphere: at two inputs at the angle $t$ it is $kappa(t) = "
        "cos t thin (pi - t)\\/(2 pi)$.",
        "If $chevron.l g, kappa(x, dot) chevron.r = 0$ for a function $g$ and every $x$, then $g$ is orthogonal to "
        "everything the kernel can fit, and no fit is closer to $g$ than 0 is, in mean square.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="On the circle: every Fourier coefficient of odd degree from 3 on vanishes. $cos(3 t)$ cannot be "
            "fitted at all.",
            statement=Identity(lhs=_fourier(2 * n + 1), rhs=sp.S.Zero, where=(_ANGLE,), domain=((n, sp.S.Naturals),)),
            routes=(
                Derivation(name="term by term", derive=fourier.coefficient, spots=_DEGREES[:2]),
                Certificate(name="ball quadrature", points=_DEGREES),
            ),
            mutants=(
                Mutant(
                    name="the even degrees",
                    why_false="None of them vanishes.",
                    change={"lhs": _fourier(2 * n)},
                ),
                Mutant(
                    name="the first degree too",
                    why_false="It is $1\\/4$: linear functions are fitted.",
                    change={"lhs": _fourier(2 * n - 1)},
                ),
                Mutant(
                    name="with a bias",
                    why_false="With $x dot x' + 1$ for the first factor, as a constant coordinate brings it in, no odd "
                    "degree vanishes.",
                    change={"where": ((kappa(t), (1 + sp.cos(t)) * (sp.pi - t) / (2 * sp.pi)),)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="In every dimension: between $x$ and $-x$ the kernel differs by a linear function. So the odd part "
            "of everything it can fit is linear, and no odd polynomial of degree 3 is approached that is orthogonal to "
            "these.",
            statement=Identity(lhs=kappa(t) - kappa(sp.pi - t), rhs=sp.cos(t) / 2, where=(_ANGLE,), domain=(_RANGE,)),
            routes=(
                Derivation(name="the angle with the antipode", derive=by_rules, spots=_ANGLES),
                Certificate(name="balls at a few angles", points=_ANGLES),
            ),
            mutants=(
                Mutant(
                    name="an even kernel",
                    why_false="Linear functions are fitted.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="with a bias",
                    why_false="Then the odd part holds the angle itself, and with it all odd degrees.",
                    change={"where": ((kappa(t), (1 + sp.cos(t)) * (sp.pi - t) / (2 * sp.pi)),)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="A negative control for ds-universal: what it says is false without the slice.",
)

CLAIMS = (DS_UNIVERSAL, DS_NOT_UNIVERSAL)
