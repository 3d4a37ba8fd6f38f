"""Forms for the error function at unit variances, certified for every correlation, degenerate pairs included."""

import sympy as sp

from derivations.expressions import Expect
from verify.claim import Form, Mutant, Role, UniformCertificate
from verify.statement import Identity

epsilon = sp.Symbol("epsilon", positive=True)
rho, u, v, z = sp.symbols("rho u v z", real=True)

_EVERYWHERE = UniformCertificate(name="interpolation in ρ, for every ρ", variable=rho)


def _form(remark: str, f: sp.Expr, closed: sp.Expr, wrong: Mutant) -> Form:
    """E[f(u) f(v)] = closed for standard u and v of correlation ρ, as a special case of the form before it."""
    lhs = Expect(f.subs(z, u) * f.subs(z, v), (u, v), [[1, rho], [rho, 1]])
    return Form(
        role=Role.PRINTED,
        restates=True,
        remark=remark,
        statement=Identity(lhs=lhs, rhs=closed, domain=((rho, sp.Interval(-1, 1)),)),
        routes=(_EVERYWHERE,),
        mutants=(
            wrong,
            Mutant(
                name="larger in the thirtieth digit",
                why_false="The closed form is not zero unless $rho = 0$.",
                change={"rhs": (1 + epsilon) * closed, "where": ((epsilon, sp.Rational(1, 10**30)),)},
            ),
        ),
    )


COVARIANCE = _form(
    "At unit variances, for every correlation.",
    sp.erf(z),
    2 / sp.pi * sp.asin(2 * rho / 3),
    Mutant(
        name="arcsin(ρ/2), for the sigmoid of the normal distribution",
        why_false="At $rho = 1$ the expectation is $2 arcsin(2\\/3)\\/pi$.",
        change={"rhs": 2 / sp.pi * sp.asin(rho / 2)},
    ),
)
"""E[erf(u) erf(v)] = (2/π) arcsin(2ρ/3)."""

SLOPE_COVARIANCE = _form(
    "At unit variances, for every correlation.",
    sp.erf(z).diff(z),
    4 / (sp.pi * sp.sqrt(9 - 4 * rho**2)),
    Mutant(
        name="half of it, the derivative of arcsin(2ρ/3)/π",
        why_false="By Price's theorem it is the derivative of $2 arcsin(2 rho\\/3)\\/pi$, and it is not zero.",
        change={"rhs": 2 / (sp.pi * sp.sqrt(9 - 4 * rho**2))},
    ),
)
"""E[erf'(u) erf'(v)] = (4/π)/√(9 - 4ρ²)."""
