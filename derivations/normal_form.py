"""The normal form: an expression reduced so far that it is 0 only if it is 0 as an algebraic identity.

Every non-rational part becomes a generator (a root, a trigonometric function, an exponential, an unevaluated
integral, …); the numerator over a common denominator is reduced modulo the relations of the generators,

    (b^(1/q))^q = b,   sin² + cos² = 1,   |x|² = x² (x real),   i² = -1,

and what is left is returned. Nothing is guessed: neither `simplify` nor numerical zero tests take part, so a
coefficient 1 + 10⁻³⁰ leaves a residual, and an identity outside the reach of these relations leaves one too.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, TypeAlias

import sympy as sp
from sympy.polys.fields import FracElement, FracField
from sympy.polys.rings import PolyElement

Relation: TypeAlias = tuple[sp.Dummy, int, sp.Expr]
_HIGHEST = 1000
"""Beyond this power of a common root, as exp(t) and exp((1 + 10⁻³⁰)t) have one, powers count as unrelated."""
_HIGHEST_ANGLE = 30
"""Beyond this multiple of an angle, its sine and cosine count as unrelated to those of the angle."""


def normal_form(expr: sp.Expr, modulo: Iterable[sp.Expr] = ()) -> sp.Expr:
    """Return what is left of `expr` after reduction; exactly `0` when it vanishes identically where it is defined.

    `modulo` holds expressions known to vanish, such as a definition moved to one side.

    >>> x, rho = sp.symbols("x rho", real=True)
    >>> normal_form((1 - sp.sqrt(1 - rho**2)) * (1 + sp.sqrt(1 - rho**2)) - rho**2)
    0
    >>> normal_form(sp.sin(2 * x) / sp.cos(x) - 2 * sp.sin(x))
    0
    >>> normal_form(sp.asin(rho) + sp.acos(rho) - sp.pi / 2)
    0
    >>> normal_form(rho**2 - 1, modulo=[rho - 1])
    0
    """
    return _remembered(expr, tuple(modulo))


@lru_cache(maxsize=8192)
def _remembered(expr: sp.Expr, modulo: tuple[sp.Expr, ...]) -> sp.Expr:
    reduction = _Reduction()
    try:
        value, *relations = reduction.fractions([expr, *modulo])
    except ZeroDivisionError:
        return sp.S.NaN
    numerator = value.numer
    relations = [relation.numer.as_expr() for relation in relations if relation]
    if relations and numerator:
        basis = sp.groebner(relations, *reduction.generators, order="grevlex")
        numerator = value.field.ring.from_expr(sp.expand(basis.reduce(numerator.as_expr())[1]))
    if not numerator:
        return sp.S.Zero
    return (value.field(numerator) / value.field(value.denom)).as_expr().xreplace(reduction.meaning)


class _Reduction:
    """The generators met in one reduction, and the relations between them."""

    def __init__(self) -> None:
        self.meaning: dict[sp.Dummy, sp.Expr] = {}
        self._dummy: dict[sp.Expr, sp.Dummy] = {}
        self._relations: list[Relation] = []
        self._powers: dict[sp.Dummy, tuple[sp.Expr, sp.Expr]] = {}

    @property
    def generators(self) -> list[sp.Dummy]:
        """The generators, inner ones before those whose relations they occur in."""
        return list(self.meaning)

    def fractions(self, exprs: Sequence[sp.Expr]) -> list[FracElement]:
        """The expressions as quotients of reduced polynomials; ZeroDivisionError where a denominator vanishes."""
        rational = [self._rational(e) for e in exprs]
        parts = self._whole_powers(sp.Tuple(*rational, *(base for *_, base in self._relations)))
        field = FracField(self.generators or [sp.Dummy()], sp.QQ)
        values = [field.from_expr(part) for part in parts]
        relations = [
            (self.generators.index(generator), order, base)
            for (generator, order, _), base in zip(self._relations, values[len(rational) :], strict=True)
        ]
        return [
            _reduce(v.numer, relations, field) / _reduce(v.denom, relations, field) for v in values[: len(rational)]
        ]

    def _generator(self, atom: sp.Expr, order: int = 0, base: sp.Expr | None = None) -> sp.Dummy:
        """The generator standing for `atom`, with the relation atom^order = base if there is one."""
        if atom not in self._dummy:
            dummy = self._new()
            self._dummy[atom], self.meaning[dummy] = dummy, atom
            if base is not None:
                self._relations.append((dummy, order, base))
        return self._dummy[atom]

    def _new(self, *, positive: bool = False) -> sp.Dummy:
        """A new generator, numbered by its place in this reduction: no result depends on earlier reductions."""
        return _numbered(len(self.meaning), positive)

    def _rational(self, e: sp.Expr) -> sp.Expr:
        """Rewrite as a rational expression in generators."""
        if e.is_Rational or isinstance(e, sp.Float):
            return sp.Rational(e)
        if isinstance(e, sp.Add | sp.Mul):
            return e.func(*map(self._rational, e.args))
        if e is sp.I:
            return self._generator(e, 2, sp.S.NegativeOne)
        if isinstance(e, sp.Pow | sp.exp):
            return self._power(e.base, e.exp)
        if isinstance(e, sp.Function):
            return self._function(e)
        carried_out = _differentiated(e)
        return self._generator(e) if carried_out == e else self._rational(carried_out)

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        if exponent.is_Integer:
            return self._rational(base) ** exponent
        if exponent.is_Rational:
            return self._root(base, sp.Rational(exponent))
        base = canonical(base)
        if base.is_Integer and base > 1 and not sp.isprime(base):
            return sp.Mul(*(self._power(sp.Integer(p), k * exponent) for p, k in sp.factorint(base).items()))
        product = sp.S.One
        for term in sp.Add.make_args(sp.expand(canonical(exponent))):
            coefficient, rest = term.as_coeff_Mul(rational=True)
            if rest == 1:
                product *= self._power(base, coefficient)
                continue
            atom = sp.Pow(base, rest, evaluate=False)
            if atom not in self._dummy:
                dummy = self._new(positive=True)
                self._dummy[atom], self.meaning[dummy], self._powers[dummy] = dummy, sp.Pow(base, rest), (base, rest)
            product *= self._dummy[atom] ** coefficient
        return product

    def _whole_powers(self, expr: sp.Tuple) -> sp.Tuple:
        """Replace a generator b^t by (b^(t/q))^q, with q such that only whole powers are left."""
        for dummy, (base, rest) in self._powers.items():
            powers = [p for p in expr.atoms(sp.Pow) if p.base == dummy]
            q = math.lcm(*(int(p.exp.q) for p in powers)) if powers else 1
            if any(abs(p.exp * q) > _HIGHEST for p in powers):
                expr = expr.xreplace({p: self._generator(sp.Pow(base, rest * p.exp)) for p in powers})
            elif q > 1:
                small = self._generator(sp.Pow(base, rest / q))
                expr = expr.xreplace({p: small ** (p.exp * q) for p in powers}).xreplace({dummy: small**q})
        return expr

    def _root(self, base: sp.Expr, exponent: sp.Rational) -> sp.Expr:
        if base.is_Integer and base > 1:
            primes = sp.factorint(base)
            if len(primes) > 1 or set(primes.values()) != {1}:
                return sp.Mul(*(self._root(sp.Integer(p), exponent) ** k for p, k in primes.items()))
            if exponent.q > 1:
                root = self._generator(sp.Pow(base, sp.Rational(1, exponent.q)), exponent.q, base)
                return root**exponent.p
        split = sp.Pow(sp.factor(canonical(base)), sp.Rational(1, exponent.q))
        if isinstance(split, sp.Pow) and split.exp == sp.Rational(1, exponent.q) and not split.base.is_Integer:
            atom = split.base
            root = self._generator(split, exponent.q, self._rational(atom))
            return root**exponent.p
        if isinstance(split, sp.Mul):
            parts = [self._root(f.base, f.exp) if _is_root(f) else self._rational(f) for f in split.args]
            return sp.Mul(*parts) ** exponent.p
        return self._rational(split) ** exponent.p

    def _function(self, e: sp.Expr) -> sp.Expr:
        plain = _rewrite(e)
        if isinstance(plain, e.func) and all(isinstance(argument, sp.Expr) for argument in plain.args):
            plain = plain.func(*map(canonical, plain.args))
        if not isinstance(plain, e.func):
            return self._rational(plain)
        if isinstance(plain, sp.sin | sp.cos):
            return self._sine_or_cosine(plain)
        if isinstance(plain, sp.acos) and plain.args[0].could_extract_minus_sign():
            return self._rational(sp.pi) - self._rational(sp.acos(-plain.args[0]))
        if isinstance(plain, sp.Abs) and plain.args[0].is_extended_real:
            return self._generator(plain, 2, self._rational(plain.args[0]) ** 2)
        return self._generator(plain)

    def _sine_or_cosine(self, e: sp.Expr) -> sp.Expr:
        terms = sp.Add.make_args(e.args[0])
        if all(abs(term.as_coeff_Mul(rational=True)[0]) <= _HIGHEST_ANGLE for term in terms):
            expanded = sp.expand_trig(e)
            if expanded != e:
                return self._rational(expanded)
        cosine = self._generator(sp.cos(e.args[0]))
        return cosine if isinstance(e, sp.cos) else self._generator(e, 2, 1 - cosine**2)


@cache
def _numbered(place: int, positive: bool) -> sp.Dummy:
    """A generator. All reductions use the same, none of which is left in a result: SymPy remembers their fields."""
    return sp.Dummy(f"g{place:04d}", **({"positive": True} if positive else {}))


def _reduce(numerator: PolyElement, relations: Sequence[tuple[int, int, FracElement]], field: FracField) -> FracElement:
    """Replace powers of generators by their relations (position, order, base), outermost generator first."""
    value = field(numerator)
    for position, order, base in reversed(relations):
        by_power: dict[int, dict[tuple[int, ...], Any]] = {}
        for exponents, coefficient in value.numer.terms():
            whole, rest = divmod(exponents[position], order)
            left = (*exponents[:position], rest, *exponents[position + 1 :])
            by_power.setdefault(whole, {})[left] = coefficient
        if any(by_power):
            parts = (field(field.ring.from_dict(terms)) * base**whole for whole, terms in by_power.items())
            value = sum(parts, field.zero) / field(value.denom)
    return value


def canonical(expr: sp.Expr) -> sp.Expr:
    """The normal form used inside functions and roots, so that equal arguments look equal."""
    return expr if expr.is_Atom else normal_form(expr)


def _differentiated(e: sp.Expr) -> sp.Expr:
    """Carry a derivative out, but never under an integral sign: that takes a lemma."""
    return e.doit(deep=False) if isinstance(e, sp.Derivative) and not e.expr.has(sp.Integral) else e


def _is_root(factor: sp.Expr) -> bool:
    return isinstance(factor, sp.Pow) and bool(factor.exp.is_Rational) and not factor.exp.is_Integer


def _rewrite(e: sp.Expr) -> sp.Expr:
    """Express tan, cot, sec, csc by sin and cos, hyperbolic functions by exp, asin by acos."""
    if isinstance(e, sp.tan | sp.cot | sp.sec | sp.csc):
        x = e.args[0]
        top = {sp.tan: sp.sin(x), sp.cot: sp.cos(x)}.get(e.func, sp.S.One)
        return top / (sp.sin(x) if isinstance(e, sp.cot | sp.csc) else sp.cos(x))
    if isinstance(e, sp.sinh | sp.cosh | sp.tanh | sp.coth):
        return e.rewrite(sp.exp)
    if isinstance(e, sp.asin):
        return sp.pi / 2 - sp.acos(e.args[0])
    return e
