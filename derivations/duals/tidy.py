"""Closed forms in the shape they are printed in: one transcendental factor a term, rational factors collected.

Nothing here decides anything: every form that leaves this module is proved equal to its expectation elsewhere.
"""

from __future__ import annotations

from itertools import product

import sympy as sp

_TRANSCENDENTAL = (sp.asin, sp.acos, sp.exp, sp.erf, sp.erfi, sp.sin, sp.cos, sp.log)


def tidy(expr: sp.Expr, c: sp.Symbol) -> sp.Expr:
    """Collect the terms of `expr` that share their transcendental factors and roots; write conjugate waves as real.

    Polynomials under a root are written with their part at c = 0 factored: (a + 1)(b + 1) - c².
    """
    collected: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(spread(_real(expr.replace(sp.Pow, _root)))):
        rational, kernel = sp.S.One, sp.S.One
        for factor in sp.Mul.make_args(term):
            plain, rest = _split(factor)
            rational, kernel = rational * plain, kernel * rest
        collected[kernel] = collected.get(kernel, sp.S.Zero) + rational
    terms = {kernel: sp.factor(sp.together(rational)) for kernel, rational in collected.items()}
    pairs = _waves({kernel: rational for kernel, rational in terms.items() if rational != 0}, c)
    return sp.Add(*(rational * kernel for kernel, rational in pairs)).replace(
        sp.Pow, lambda base, exponent: _shown(base, exponent, c)
    )


def spread(expr: sp.Expr) -> sp.Expr:
    """Multiply sums out, denominators as they are: SymPy's `expand` would multiply out those too."""
    if isinstance(expr, sp.Add):
        return sp.Add(*map(spread, expr.args))
    if isinstance(expr, sp.Pow) and isinstance(expr.base, sp.Add) and expr.exp.is_Integer and expr.exp > 0:
        return spread(sp.Mul(expr.base, expr.base ** (expr.exp - 1), evaluate=False))
    if not isinstance(expr, sp.Mul):
        return expr
    factors = [sp.Add.make_args(spread(factor)) for factor in expr.args]
    return sp.Add(*(sp.Mul(*chosen) for chosen in product(*factors)))


def root(square: sp.Expr) -> sp.Expr:
    """√(p/q) as √p/√q, p and q factored; p and q are positive where it is used."""
    return _root(square, sp.S.Half)


def _root(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    if not (exponent.is_Rational and exponent.q == 2) or base.is_Number:
        return sp.Pow(base, exponent)
    top, bottom = sp.fraction(sp.factor(sp.together(base)))
    return sp.Pow(top, exponent) / sp.Pow(bottom, exponent)


def _split(factor: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """A factor as a rational part and a kernel: W^(-3/2) as 1/W² and √W."""
    if isinstance(factor, _TRANSCENDENTAL):
        return sp.S.One, factor
    if isinstance(factor, sp.Pow) and factor.exp.is_Rational and factor.exp.q == 2 and not factor.base.is_Number:
        odd = sp.S.One if factor.exp > 0 or factor.base.is_Symbol else sp.S.NegativeOne
        return factor.base ** (factor.exp - odd / 2), factor.base ** (odd / 2)
    return factor, sp.S.One


def _real(expr: sp.Expr) -> sp.Expr:
    """Complex exponentials by sine and cosine, so that the imaginary unit cancels from a real expression."""

    def plain(exponent: sp.Expr) -> sp.Expr:
        real, wave = (sum(part) for part in _parts(sp.expand(exponent)))
        return sp.exp(real) * (sp.cos(wave) + sp.I * sp.sin(wave))

    return expr.replace(lambda e: isinstance(e, sp.exp) and e.has(sp.I), lambda e: plain(e.exp))


def _parts(exponent: sp.Expr) -> tuple[list[sp.Expr], list[sp.Expr]]:
    terms = sp.Add.make_args(exponent)
    return [t for t in terms if not t.has(sp.I)], [t / sp.I for t in terms if t.has(sp.I)]


def _waves(terms: dict[sp.Expr, sp.Expr], c: sp.Symbol) -> list[tuple[sp.Expr, sp.Expr]]:
    """Terms r exp(p + q) ± r exp(p - q) as 2r exp(p) cosh(q) or sinh(q)."""
    left, found = dict(terms), []
    for kernel, rational in terms.items():
        if kernel not in left:
            continue
        del left[kernel]
        for other in list(left):
            exponents = [e.exp for e in (kernel, other) if isinstance(e, sp.exp)]
            if len(exponents) == 2 and left[other] in (rational, -rational):
                mean, half = (sp.expand((exponents[0] + s * exponents[1]) / 2) for s in (1, -1))
                if mean.has(c) or c not in half.free_symbols:
                    continue
                wave = sp.cosh if left[other] == rational else sp.sinh
                sign = -1 if wave is sp.sinh and half.could_extract_minus_sign() else 1
                half = -half if half.could_extract_minus_sign() else half
                found.append((wave(half) * sp.exp(mean), 2 * sign * rational))
                del left[other]
                break
        else:
            found.append((kernel, rational))
    return found


def _shown(base: sp.Expr, exponent: sp.Expr, c: sp.Symbol) -> sp.Expr:
    if not exponent.is_Rational or not base.is_Add or not base.is_polynomial(c):
        return sp.Pow(base, exponent)
    start = base.subs(c, 0)
    return sp.Pow(sp.factor(start) + sp.expand(base - start), exponent)
