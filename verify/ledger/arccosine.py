"""The arc-cosine kernels: closed forms of Gaussian expectations of ReLUs and of their derivatives."""

import sympy as sp

from derivations import arccosine, cholesky
from derivations.expressions import Expect, normal_pdf, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source, UniformCertificate
from verify.statement import Identity
from verify.verdict import Verdict

s, t, nu, c_sigma, epsilon = sp.symbols("s t nu c_sigma epsilon", positive=True)
rho, u, v, z = sp.symbols("rho u v z", real=True)

POSITIVE = sp.Interval.open(0, sp.oo)
CORRELATIONS = sp.Interval(-1, 1)
_TINY = sp.Rational(1, 10**12)
EXTREME = (-1, _TINY - 1, sp.Rational(-999, 1000), 0, sp.Rational(1, 2), sp.Rational(999, 1000), 1 - _TINY, 1)
"""Correlations up to and including the degenerate ends."""

PAIR = sp.ImmutableMatrix([[s**2, s * t * rho], [s * t * rho, t**2]])
UNIT = sp.ImmutableMatrix([[1, rho], [rho, 1]])


def _pair(f: sp.Expr, covariance: sp.Matrix) -> Expect:
    """E[f(u) f(v)]."""
    return Expect(f.subs(z, u) * f.subs(z, v), (u, v), covariance)


_NORMALISATION = ((c_sigma, 1 / Expect(relu(z) ** 2, (z,), [[1]])),)
_LAYER = (
    "$sigma$ is the ReLU.",
    "$s^2 = Sigma^((h-1))(x, x)$, $t^2 = Sigma^((h-1))(x', x')$ and $s t rho = Sigma^((h-1))(x, x')$ are the entries "
    "of $Lambda^((h))$; $s, t > 0$, that is, neither input is zero.",
)
_LAYER_DOMAIN = ((s, POSITIVE), (t, POSITIVE), (rho, CORRELATIONS))
_LAYER_POINTS: tuple[Point, ...] = tuple(
    {s: sp.Rational(3, 2), t: sp.Rational(2, 3 + k), rho: value} for k, value in enumerate(EXTREME)
)
_EVERYWHERE = "interpolation in the angle, for every ρ"
_SLIGHTLY = ((epsilon, sp.Rational(1, 10**30)),)
_LAYER_SPOTS: tuple[Point, ...] = ({s: 1, t: 1, rho: sp.Rational(3, 10)}, {s: 2, t: sp.Rational(1, 3), rho: -1})
_LAYER_ROUTES = (
    Derivation(name="Price's theorem", derive=arccosine.derive, spots=_LAYER_SPOTS),
    Derivation(name="Cholesky factor", derive=cholesky.derive, spots=_LAYER_SPOTS),
    Certificate(name="quadrature of the definition", points=_LAYER_POINTS),
    UniformCertificate(name=_EVERYWHERE, variable=rho, chart="angle", at={s: 1, t: 1}),
)

IM_SIGMA = Claim(
    id="im-id-sigma-relu",
    title="For the ReLU, the covariance of the next layer is the arc-cosine kernel of degree 1",
    source=Source(
        document=Document.IM,
        where="section 2, definition of the covariance of layer h; its closed form for the ReLU is implied",
        printed="$Sigma^((h))(x, x') = c_sigma E_((u,v) tilde.op cal(N)(0, Lambda^((h)))) [sigma(u) sigma(v)]$, "
        "$c_sigma = (E_(z tilde.op cal(N)(0,1)) [sigma(z)^2])^(-1)$",
    ),
    hypotheses=_LAYER,
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=c_sigma * _pair(relu(z), PAIR),
                rhs=s * t * (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / sp.pi,
                where=_NORMALISATION,
                domain=_LAYER_DOMAIN,
            ),
            routes=_LAYER_ROUTES,
            mutants=(
                Mutant(
                    name="the angle in place of its supplement",
                    why_false="$rho (pi - arccos rho)$ and $rho arccos rho$ differ by $2 rho arcsin rho$, which is "
                    "positive unless $rho = 0$.",
                    change={"rhs": s * t * (sp.sqrt(1 - rho**2) + rho * sp.acos(rho)) / sp.pi},
                ),
                Mutant(
                    name="without the factor 1/π",
                    why_false="At $rho = 1$ it gives $pi s t$ in place of $s t$.",
                    change={"rhs": s * t * (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho)))},
                ),
                Mutant(
                    name="larger in the thirtieth digit",
                    why_false="The kernel is not zero unless $rho = -1$.",
                    change={
                        "rhs": (1 + epsilon) * s * t * (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / sp.pi,
                        "where": _NORMALISATION + _SLIGHTLY,
                    },
                ),
                Mutant(
                    name="without the normalisation",
                    why_false="$E[sigma(z)^2] = 1\\/2$, so $c_sigma = 2$, and the expectation is not zero unless "
                    "$rho = -1$.",
                    change={"lhs": _pair(relu(z), PAIR)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

IM_SIGMA_DOT = Claim(
    id="im-id-sigmadot-relu",
    title="For the ReLU, the derivative covariance is the arc-cosine kernel of degree 0",
    source=Source(
        document=Document.IM,
        where="section 2, definition of the derivative covariance of layer h; its closed form for the ReLU is implied",
        printed="$dot(Sigma)^((h))(x, x') = c_sigma E_((u,v) tilde.op cal(N)(0, Lambda^((h)))) "
        "[dot(sigma)(u) dot(sigma)(v)]$",
    ),
    hypotheses=(*_LAYER, "$dot(sigma)(0) = 1$; any other value would do, as $u$ and $v$ are almost surely not zero."),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=c_sigma * _pair(step(z), PAIR),
                rhs=(sp.pi - sp.acos(rho)) / sp.pi,
                where=_NORMALISATION,
                domain=_LAYER_DOMAIN,
            ),
            routes=_LAYER_ROUTES,
            mutants=(
                Mutant(
                    name="larger in the thirtieth digit",
                    why_false="The kernel is not zero unless $rho = -1$.",
                    change={"rhs": (1 + epsilon) * (sp.pi - sp.acos(rho)) / sp.pi, "where": _NORMALISATION + _SLIGHTLY},
                ),
                Mutant(
                    name="half of it",
                    why_false="That is the expectation without $c_sigma = 2$; it is zero at $rho = -1$ only.",
                    change={"rhs": (sp.pi - sp.acos(rho)) / (2 * sp.pi)},
                ),
                Mutant(
                    name="the arc sine in place of the arc cosine",
                    why_false="At $rho = 1$ it gives $1\\/2$ in place of $1$; the two agree at $rho = 1\\/sqrt(2)$ "
                    "only.",
                    change={"rhs": (sp.pi - sp.asin(rho)) / sp.pi},
                ),
                Mutant(
                    name="the angle in place of its supplement",
                    why_false="At $rho = 1$ it gives $0$ in place of $1$; the two agree at $rho = 0$ only.",
                    change={"rhs": sp.acos(rho) / sp.pi},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_PRINTED_DS = (
    "For $norm(bold(x)_1) = 1 = norm(bold(x)_2)$, $bold(w) tilde.op cal(N)(bold(0), nu bold(I))$ for any $nu > 0$, and "
    '$sigma(z) = op("ReLU")(z) = max(z, 0)$, the NTK at initialization is $(bold(x)_1 dot.op bold(x)_2) '
    "EE_bold(w) [sigma'(bold(w) dot.op bold(x)_1) sigma'(bold(w) dot.op bold(x)_2)] = "
    "(bold(x)_1 dot.op bold(x)_2) (1/2 - 1/(2 pi) arccos(bold(x)_1 dot.op bold(x)_2))$"
)
_UNIT_INPUTS = (
    "$norm(bold(x)_1) = norm(bold(x)_2) = 1$ and $rho = bold(x)_1 dot.op bold(x)_2$, so that $u = bold(w) dot.op "
    "bold(x)_1$ and $v = bold(w) dot.op bold(x)_2$ have variance $nu$ and correlation $rho$.",
    "$sigma'(z) = 1$ for $z >= 0$ and $0$ for $z < 0$, as on the slide.",
)
_DS_DOMAIN = ((nu, POSITIVE), (rho, CORRELATIONS))
_DS_POINTS: tuple[Point, ...] = tuple({nu: sp.Rational(1 + 3 * k, 4), rho: value} for k, value in enumerate(EXTREME))
_DS_SPOTS: tuple[Point, ...] = ({nu: 2, rho: sp.Rational(-7, 10)}, {nu: sp.Rational(1, 5), rho: sp.Rational(4, 5)})

DS_ARCCOS = Claim(
    id="ds-arccos",
    title="The NTK at initialization of a wide shallow ReLU network is the arccos kernel",
    source=Source(document=Document.DS, where="slide 'arccos kernel', display 1", printed=_PRINTED_DS),
    hypotheses=_UNIT_INPUTS,
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=rho * _pair(step(z), nu * UNIT),
                rhs=rho * (sp.Rational(1, 2) - sp.acos(rho) / (2 * sp.pi)),
                domain=_DS_DOMAIN,
            ),
            routes=(
                Derivation(name="Price's theorem", derive=arccosine.derive, spots=_DS_SPOTS),
                Derivation(name="Cholesky factor", derive=cholesky.derive, spots=_DS_SPOTS),
                Certificate(name="quadrature of the definition", points=_DS_POINTS),
                UniformCertificate(name=_EVERYWHERE, variable=rho, chart="angle", at={nu: 1}),
            ),
            mutants=(
                Mutant(
                    name="the arc sine in place of the arc cosine",
                    why_false="At $rho = 1$ it gives $1\\/4$ in place of $1\\/2$; the two agree at $rho = 0$ and "
                    "$rho = 1\\/sqrt(2)$ only.",
                    change={"rhs": rho * (sp.Rational(1, 2) - sp.asin(rho) / (2 * sp.pi))},
                ),
                Mutant(
                    name="the normalisation c_σ = 2",
                    why_false="Twice the kernel; the kernel is zero at $rho = 0$ and $rho = -1$ only.",
                    change={"rhs": rho * (sp.pi - sp.acos(rho)) / sp.pi},
                ),
                Mutant(
                    name="the activation in place of its derivative",
                    why_false="At $rho = 1$ the left side is then $nu\\/2$ in place of $1\\/2$, which differs unless "
                    "$nu = 1$.",
                    change={"lhs": rho * _pair(relu(z), nu * UNIT)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

DS_ARCCOS_NU = Claim(
    id="ds-arccos-nu",
    title="The arccos kernel does not depend on the variance of the weights",
    source=Source(document=Document.DS, where="slide 'arccos kernel', the words 'for any ν > 0'", printed=_PRINTED_DS),
    hypotheses=_UNIT_INPUTS,
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=_pair(step(z), nu * UNIT), rhs=_pair(step(z), UNIT), domain=_DS_DOMAIN),
            routes=(
                Derivation(name="scaling", derive=arccosine.derive_scaling, spots=_DS_SPOTS),
                Certificate(name="quadrature of the definition", points=_DS_POINTS),
            ),
            mutants=(
                Mutant(
                    name="the activation in place of its derivative",
                    why_false="$E[sigma(u) sigma(v)]$ is proportional to $nu$, and not zero unless $rho = -1$.",
                    change={"lhs": _pair(relu(z), nu * UNIT), "rhs": _pair(relu(z), UNIT)},
                ),
                Mutant(
                    name="the derivative of a sigmoid",
                    why_false="For the sigmoid $Phi$ the expectation of $phi(u) phi(v)$ is $1\\/(2 pi "
                    "sqrt((1 + nu)^2 - nu^2 rho^2))$, which decreases in $nu$.",
                    change={"lhs": _pair(normal_pdf(z), nu * UNIT), "rhs": _pair(normal_pdf(z), UNIT)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (IM_SIGMA, IM_SIGMA_DOT, DS_ARCCOS, DS_ARCCOS_NU)
