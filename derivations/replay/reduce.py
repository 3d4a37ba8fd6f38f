"""Reduction: what is left of an expression once it is expanded and divided by the relations of its parts.

Roots, trigonometric functions, exponentials and whatever else is not rational become generators, with the relations

    (b^(1/q))^q = b,   sin² = 1 - cos²,   |x|² = x² (x real),   i² = -1,   exp(x + y) = exp(x) exp(y).

The numerator over the common denominator is expanded and replaced by its remainder modulo each of them. 0 is returned
only if the expression vanishes as an identity; something else may be returned where it vanishes by other relations.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import lcm
from typing import Any

import sympy as sp

from derivations.replay import nodes

_LARGEST_POWER = 64
"""Of sums; higher powers of them stay as they are."""
_LARGEST_RATIO = 1000
"""Of two exponents of one base: beyond it the powers count as unrelated."""
_LARGEST_ANGLE = 30


def residual(expr: sp.Expr, modulo: Iterable[sp.Expr] = ()) -> sp.Expr:
    """What is left of `expr` modulo expressions that vanish: 0 if nothing is, nan if a denominator vanishes."""
    if expr == 0:
        return sp.S.Zero
    work = _Generators()
    parts = [work.rational(part) for part in (expr, *modulo)]
    parts = work.whole_powers(parts)
    try:
        numerator, denominator = work.fraction(parts[0])
        vanishing = [n for part in parts[1:] if (n := work.fraction(part)[0]) != 0]
    except ZeroDivisionError:
        return sp.S.NaN
    if vanishing and numerator != 0:
        basis = sp.groebner(vanishing, *sorted(work.meaning, key=lambda g: -int(g.name[1:])), order="lex")
        numerator = basis.reduce(numerator)[1]
    if numerator == 0:
        return sp.S.Zero
    return sp.cancel(numerator / denominator).xreplace(work.meaning)


@lru_cache(maxsize=4096)
def tidy(expr: sp.Basic) -> sp.Basic:
    """An argument of a function in reduced form, so that equal arguments look alike."""
    if isinstance(expr, sp.Expr) and not isinstance(expr, sp.MatrixExpr):
        return expr if expr.is_Atom else residual(expr)
    return expr


class _Generators:
    """The generators of one reduction: symbols for what is not rational, and the relations between them."""

    def __init__(self) -> None:
        self.meaning: dict[sp.Symbol, sp.Expr] = {}
        self._of: dict[sp.Expr, sp.Symbol] = {}
        self._relations: list[tuple[sp.Symbol, int, sp.Expr]] = []
        self._powers: dict[sp.Symbol, tuple[sp.Expr, sp.Expr]] = {}

    def generator(self, atom: sp.Expr, order: int = 0, base: sp.Expr | None = None) -> sp.Symbol:
        if atom not in self._of:
            name = self._new(atom)
            if base is not None:
                self._relations.append((name, order, base))
        return self._of[atom]

    def _new(self, atom: sp.Expr) -> sp.Symbol:
        name = sp.Symbol(f"g{len(self.meaning)}", positive=True)
        self.meaning[name], self._of[atom] = atom, name
        return name

    def rational(self, e: sp.Expr) -> sp.Expr:  # noqa: PLR0911 - one case a node
        """The expression as a rational function of generators."""
        if e.is_Rational:
            return e
        if isinstance(e, sp.Add | sp.Mul):
            return e.func(*map(self.rational, e.args))
        if e is sp.I:
            return self.generator(e, 2, sp.S.NegativeOne)
        if isinstance(e, sp.Pow | sp.exp):
            return self._power(*((sp.E, e.args[0]) if isinstance(e, sp.exp) else e.args))
        if isinstance(e, sp.Derivative):
            done = e if e.expr.has(sp.Integral) else e.doit(deep=False)
            return self.generator(e) if done == e else self.rational(done)
        if isinstance(e, sp.Function):
            return self._function(e)
        return self.generator(opaque(e))

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        if exponent.is_Integer:
            if abs(exponent) > _LARGEST_POWER and not base.is_Atom:
                return self.generator(sp.Pow(tidy(base), exponent, evaluate=False))
            return self.rational(base) ** exponent
        if exponent.is_Rational:
            return self._root(base, exponent)
        base = tidy(base)
        if base.is_Integer and base > 1 and not sp.isprime(base):
            return sp.Mul(*(self._power(sp.Integer(p), k * exponent) for p, k in sp.factorint(base).items()))
        product = sp.S.One
        for term in sp.Add.make_args(sp.expand(tidy(exponent))):
            number, rest = term.as_coeff_Mul(rational=True)
            if rest == 1:
                product *= self._power(base, number)
                continue
            atom = sp.Pow(base, rest, evaluate=False)
            if atom not in self._of:
                self._powers[self._new(atom)] = (base, rest)
            product *= self._of[atom] ** number
        return product

    def whole_powers(self, exprs: list[sp.Expr]) -> list[sp.Expr]:
        """Write powers b^(tp/q) as whole powers of b^(t/q)."""
        for name, (base, rest) in list(self._powers.items()):
            bases = [base for *_, base in self._relations]
            found = {p for e in (*exprs, *bases) for p in e.atoms(sp.Pow) if p.base == name}
            q = lcm(*(int(p.exp.q) for p in found)) if found else 1
            if any(abs(p.exp * q) > _LARGEST_RATIO for p in found):
                put = {p: self.generator(sp.Pow(base, rest * p.exp)) for p in found}
            elif q > 1:
                small = self.generator(sp.Pow(base, rest / q))
                put = {**{p: small ** (p.exp * q) for p in found}, name: small**q}
            else:
                continue
            exprs = [e.xreplace(put) for e in exprs]
            self._relations = [(g, order, base.xreplace(put)) for g, order, base in self._relations]
        return exprs

    def _root(self, base: sp.Expr, exponent: sp.Rational) -> sp.Expr:
        if base.is_Integer and base > 1:
            primes = sp.factorint(base)
            if len(primes) > 1 or set(primes.values()) != {1}:
                return sp.Mul(*(self._root(sp.Integer(p), exponent) ** k for p, k in primes.items()))
            return self.generator(sp.Pow(base, sp.Rational(1, exponent.q)), int(exponent.q), base) ** exponent.p
        radicand = tidy(base)
        if radicand is sp.nan:
            return sp.nan
        root = sp.Pow(sp.factor(radicand), sp.Rational(1, exponent.q))
        whole = sp.S.One
        for factor in sp.Mul.make_args(root):
            rooted = isinstance(factor, sp.Pow) and factor.exp.is_Rational and not factor.exp.is_Integer
            if rooted and factor.exp == sp.Rational(1, exponent.q) and not factor.base.is_Integer:
                whole *= self.generator(factor, int(exponent.q), self.rational(factor.base))
            elif rooted:
                whole *= self._root(factor.base, factor.exp)
            else:
                whole *= self.rational(factor)
        return whole**exponent.p

    def _function(self, e: sp.Function) -> sp.Expr:  # noqa: PLR0911 - one case a function
        if isinstance(e, nodes.normal_cdf | nodes.normal_pdf):
            return self.rational(e.formula)
        if isinstance(e, sp.tan | sp.sec):
            return self.rational((sp.sin(e.args[0]) if isinstance(e, sp.tan) else 1) / sp.cos(e.args[0]))
        if isinstance(e, sp.cot | sp.csc):
            return self.rational((sp.cos(e.args[0]) if isinstance(e, sp.cot) else 1) / sp.sin(e.args[0]))
        if isinstance(e, sp.sinh | sp.cosh | sp.tanh | sp.coth):
            return self.rational(e.rewrite(sp.exp))
        if isinstance(e, sp.asin):
            return self.rational(sp.pi / 2 - sp.acos(e.args[0]))
        plain = opaque(e)
        if not isinstance(plain, e.func):
            return self.rational(plain)
        if isinstance(plain, sp.sin | sp.cos):
            return self._wave(plain)
        if isinstance(plain, sp.acos) and plain.args[0].could_extract_minus_sign():
            return self.rational(sp.pi) - self.rational(sp.acos(-plain.args[0]))
        if isinstance(plain, sp.Abs) and plain.args[0].is_extended_real:
            return self.generator(plain, 2, self.rational(plain.args[0]) ** 2)
        return self.generator(plain)

    def _wave(self, e: sp.Function) -> sp.Expr:
        multiples = [term.as_coeff_Mul(rational=True)[0] for term in sp.Add.make_args(e.args[0])]
        if all(abs(multiple) <= _LARGEST_ANGLE for multiple in multiples):
            expanded = sp.expand_trig(e)
            if expanded != e:
                return self.rational(expanded)
        cosine = self.generator(sp.cos(e.args[0]))
        return cosine if isinstance(e, sp.cos) else self.generator(e, 2, 1 - cosine**2)

    def fraction(self, e: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        """Numerator and denominator, reduced by the relations, the outermost first."""
        numerator, denominator = (sp.expand(part) for part in sp.fraction(sp.together(e)))
        for name, order, base in reversed(self._relations):
            over, under = sp.fraction(sp.together(base))
            both = [_divided(part, name, order, sp.expand(over), sp.expand(under)) for part in (numerator, denominator)]
            (numerator, below), (denominator, above) = both
            if below != above:
                numerator, denominator = sp.expand(numerator * above), sp.expand(denominator * below)
        if denominator == 0:
            raise ZeroDivisionError
        return numerator, denominator


def _divided(part: sp.Expr, name: sp.Symbol, order: int, over: sp.Expr, under: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """The remainder of a polynomial by name^order = over/under, and the power of `under` it has been multiplied by."""
    poly = sp.Poly(part, name)
    most = max(poly.degree(), 0) // order
    if most == 0:
        return part, sp.S.One
    terms = (
        coefficient * name ** (power % order) * over ** (power // order) * under ** (most - power // order)
        for (power,), coefficient in poly.terms()
    )
    return sp.expand(sp.Add(*terms)), under**most


def opaque(e: sp.Basic) -> sp.Basic:
    """A node that is not looked into, with its arguments reduced and what it binds renamed in order."""
    if e.is_Atom or isinstance(e, sp.Indexed | sp.KroneckerDelta | sp.MatrixExpr | sp.Piecewise):
        return e
    if isinstance(e, nodes._Binder):
        e = with_fixed_names(e)
    elif isinstance(e, sp.Integral) and all(len(limit) == 3 for limit in e.limits):
        names = {limit[0]: _place(limit[0], number) for number, limit in enumerate(e.limits)}
        if not set(names) & set().union(*(end.free_symbols for limit in e.limits for end in limit[1:])):
            limits = [(names[name], *map(tidy, ends)) for name, *ends in e.limits]
            return sp.Integral(tidy(e.function.subs(names, simultaneous=True)), *limits)
    elif isinstance(e, sp.Sum | sp.Product | sp.Integral | sp.Derivative | sp.Limit):
        return e
    return e.func(*(_argument(argument) for argument in e.args))


def with_fixed_names(e: nodes._Binder) -> Any:
    """The node with fixed names, which no file can hold, for what it binds."""
    return e.renamed({name: _place(name, number) for number, name in enumerate(e.bound)})


def _argument(argument: sp.Basic) -> sp.Basic:
    if isinstance(argument, sp.ImmutableDenseMatrix):
        return argument.applyfunc(tidy)
    return argument if isinstance(argument, sp.Tuple) else tidy(argument)


def _place(name: sp.Symbol, number: int) -> sp.Symbol:
    """A name for what is bound."""
    return sp.Symbol(f"\0b{number}", **name._assumptions_orig)
