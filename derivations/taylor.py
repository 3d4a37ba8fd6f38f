"""Taylor's formula of first order for an arbitrary function σ: its remainder as an integral, and bounds on it.

The hypothesis |σ''(z)| <= β is read off the domain of a statement, where it stands as `(σ''(z), Interval(-β, β))`.
"""

import sympy as sp

from derivations import check
from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded

_theta = sp.Symbol("theta", nonnegative=True)
_FTC = "fundamental theorem of calculus"


def remainder(statement: Equation) -> Chain:
    """Derive |σ(r) - σ(s) - σ'(s)(r - s)| = |∫_r^s kernel dz| from the antiderivative σ(z) + σ'(z)(r - z)."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.lhs, statement.rhs
    if not (isinstance(lhs, sp.Abs) and isinstance(rhs, sp.Abs) and isinstance(rhs.args[0], sp.Integral)):
        return Chain(steps=(), obstacle="the statement does not equate two absolute values, the second of an integral")
    value, integral = lhs.args[0], rhs.args[0]
    ((z, low, high),) = integral.limits
    antiderivative = sigma(z) + sigma_prime(z) * (low - z)
    slope = check.derivative("slope", "An antiderivative for the integrand.", antiderivative, z, integral.function)
    ends = check.identity(
        "ends",
        "The difference of its values at the ends is what stands between the bars on the left, but for its sign.",
        antiderivative.subs(z, high) - antiderivative.subs(z, low),
        value,
    )
    whole = check.by_lemma("integral", "Hence the integral.", value, integral, _FTC, uses=("slope", "ends"))
    equal = check.consequence("statement", "So the two sides agree.", lhs, rhs, (whole,))
    return Chain(steps=(slope, ends, whole, equal))


def bound(statement: Equation) -> Chain:
    """Derive |σ(r) - σ(s) - σ'(s)(r - s)| <= β/2 (r - s)² for |σ''| <= β."""
    inside = statement.lhs.args[0] if isinstance(statement.lhs, sp.Abs) else sp.S.Zero
    setting = _setting(statement, inside)
    if isinstance(setting, str):
        return Chain(steps=(), obstacle=setting)
    near, far, curvature = setting
    turned = 1 if inside.coeff(sigma(far)) == 1 else -1
    constant = _constant(statement.rhs, curvature, near, far)
    steps: list[Step] = [constant]
    sides: list[Step] = []
    for name, sign in (("above", 1), ("below", -1)):
        steps += one_sided(name, sign * turned, curvature, near, far)
        text = "The right side and what stands between the bars, but for its sign."
        parts = ((sp.S.One, steps[-1]), (sp.S.One, constant))
        sides.append(check.inequality(f"{name}-side", text, sign * inside, statement.rhs, parts))
    text = "So the absolute value is bounded."
    both = check.absolute_value("bound", text, statement.lhs, statement.rhs, above=sides[0], below=sides[1])
    return Chain(steps=(*steps, *sides, both))


def from_above(bound: sp.Expr, curvature: sp.Expr, near: sp.Expr, far: sp.Expr) -> tuple[Step, ...]:
    """σ(r) <= bound, the last step, by Taylor's formula at s for |σ''| <= β; s is `near`, r `far`."""
    formula = sigma(near) + sigma_prime(near) * (far - near)
    constant = _constant(sp.expand(bound - formula), curvature, near, far)
    steps = one_sided("above", 1, curvature, near, far)
    text = "The bound, Taylor's formula and the bound on its remainder."
    parts = ((sp.S.One, steps[-1]), (sp.S.One, constant))
    return (constant, *steps, check.inequality("descent", text, sigma(far), bound, parts))


def one_sided(label: str, sign: int, curvature: sp.Expr, near: sp.Expr, far: sp.Expr) -> tuple[Step, ...]:
    """β/2 (r - s)² - c (σ(r) - σ(s) - σ'(s)(r - s)) >= 0, the last step, for |σ''| <= β, c = ±1, s `near`, r `far`."""
    move = far - near
    at = near + _theta * move
    antiderivative = curvature * move**2 * (_theta - _theta**2 / 2) - sign * (
        sigma(at) + (1 - _theta) * move * sigma_prime(at)
    )
    between = curvature - sign * sigma_prime_prime(at)
    integral = sp.Integral((1 - _theta) * move**2 * between, (_theta, 0, 1))
    gap = curvature * move**2 / 2 - sign * (sigma(far) - sigma(near) - sigma_prime(near) * move)
    whole = check.by_lemma(
        f"{label}-integral",
        "Hence the remainder of first order as an integral.",
        gap,
        integral,
        _FTC,
        uses=(f"{label}-slope", f"{label}-ends"),
    )
    positive = check.nonnegative_integral(
        f"{label}-sign", "The integrand is not negative, as $|sigma''| <= beta$.", integral, given=(between,)
    )
    return (
        check.derivative(
            f"{label}-slope",
            "An antiderivative along $s + theta (r - s)$.",
            antiderivative,
            _theta,
            integral.function,
        ),
        check.identity(
            f"{label}-ends",
            "Its values at $theta = 1$ and $theta = 0$.",
            antiderivative.subs(_theta, 1) - antiderivative.subs(_theta, 0),
            gap,
        ),
        whole,
        positive,
        check.inequality(
            label, "So the remainder is bounded on one side.", -gap, sp.S.Zero, ((1, positive),), of=(whole,)
        ),
    )


def _setting(statement: Equation, expr: sp.Expr) -> tuple[sp.Expr, sp.Expr, sp.Expr] | str:
    """The point at which σ' is taken in `expr`, the other one at which σ is, and β; or what is missing."""
    if obstacle := unfounded(statement):
        return obstacle
    curvature = curvature_in(statement)
    if curvature is None:
        return "the domain does not bound the second derivative of σ"
    slopes = {node.args[0] for node in expr.atoms(sigma_prime) if isinstance(node.args[0], sp.Symbol)}
    others = {node.args[0] for node in expr.atoms(sigma)} - slopes
    if len(slopes) != 1 or len(others) != 1:
        return "σ and its derivative are not taken at two points"
    return slopes.pop(), others.pop(), curvature


def curvature_in(statement: Equation) -> sp.Expr | None:
    """β, where the domain says -β <= σ''(z) <= β for every real z."""
    sets = dict(statement.domain)
    for quantity, values in statement.domain:
        bounds = isinstance(quantity, sigma_prime_prime) and isinstance(values, sp.Interval)
        if bounds and values.inf == -values.sup and sets.get(quantity.args[0]) == sp.S.Reals:
            return values.sup
    return None


def _constant(room: sp.Expr, curvature: sp.Expr, near: sp.Expr, far: sp.Expr) -> Step:
    text = "The constant is no less than what is needed."
    return check.nonnegative("constant", text, sp.expand(room - curvature * (far - near) ** 2 / 2))
