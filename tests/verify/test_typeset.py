"""Facts about formulas in print: every one compiles, reads one way only, and shows every slot of its statement."""

import dataclasses
import json
import re

import pytest
import sympy as sp
import typst
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derivations.expressions import Expect, Iterate, normal_cdf, normal_pdf, relu, step
from verify.quantities import NOTATION, Notation
from verify.statement import (
    Direction,
    EqualityInLaw,
    Identity,
    Inequality,
    Limit,
    Need,
    Ordering,
    ProbabilityBound,
    Rate,
    Statement,
    Trend,
)
from verify.typeset import (
    UnprintableError,
    domain_formula,
    formula,
    statement_formula,
    statements,
    variant_formula,
    where_formulas,
)
from verify.typeset.text import TextPrinter

x, y, z, t, n, m, i, j, k, L = sp.symbols("x y z t n m i j k L")
rho, eta, delta, lambda_bar = sp.symbols("rho eta delta lambda_bar")
u, v, T, S = sp.symbols("u v T S", real=True)
a, w = sp.IndexedBase("a"), sp.IndexedBase("w")
f, sigma = sp.Function("f"), sp.Function("sigma")
A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
pair = [[1, rho], [rho, 1]]
nngp = Iterate(2 * Expect(relu(u) * relu(v), (u, v), [[1, S], [S, 1]]), S, k, rho, L)

READABLE = {
    (rho * (sp.pi - sp.acos(rho)) + sp.sqrt(1 - rho**2)) / (2 * sp.pi): "(ρ (π − arccos(ρ)) + √(1 − ρ²))/(2 π)",
    x * sp.exp(-2 * lambda_bar * t): "x exp(−2 λ̄ t)",
    x * (y + 1) ** 2 / (3 * sp.sqrt(n)): "x (y + 1)²/(3 √n)",
    sp.Sum(a[i] * sigma(w[i]), (i, 1, m)) / sp.sqrt(m): "(1/√m) ∑ᵢ₌₁^m σ(wᵢ) aᵢ",
    sp.Product(1 - eta * w[k], (k, 0, n - 1)) * x: "x ∏ₖ₌₀ⁿ⁻¹ (1 − η wₖ)",
    Expect(relu(u) * step(v), (u, v), pair): "E_((u, v) ~ N(0, [[1, ρ], [ρ, 1]]))[ReLU(u) ReLU′(v)]",
    Expect(z**2, (z,), [[rho]]): "E_(z ~ N(0, ρ))[z²]",
    nngp: "S_L where S₀ = ρ, Sₖ = 2 E_((u, v) ~ N(0, [[1, Sₖ₋₁], [Sₖ₋₁, 1]]))[ReLU(u) ReLU(v)]",
    sp.Piecewise((x, x > 0), (0, True)): "{x if x > 0; 0 otherwise}",
    sp.sqrt(2 * sp.log(2 / delta) / m): "√(2 log(2/δ)/m)",
    normal_cdf(x) * normal_pdf(y): "Φ(x) φ(y)",
    (1 + sp.erf(x / sp.sqrt(2))) / 2: "erf(x/√2)/2 + 1/2",
    sp.erfi(x / 2): "erfi(x/2)",
    sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi): "exp(−x²/2)/√(2 π)",
    sp.Integral(f(x), (x, 0, sp.oo)): "∫₀^∞ f(x) dx",
    sp.Derivative(f(x, y), x, 2): "(∂²/∂x²) f(x, y)",
    sp.Limit(f(x) / x, x, 0): "lim_(x → 0⁺) f(x)/x",
    sp.Abs(f(x) - y) / 2: "|y − f(x)|/2",
    sp.Abs(sp.Abs(x) - 1): "abs(|x| − 1)",
    sp.binomial(n, k) / sp.factorial(k) ** 2: "C(n, k)/(k!)²",
    sp.sin(x) ** 2 + sp.cos(x) ** 2: "sin²(x) + cos²(x)",
    sp.Float("1e-10"): "1.0 × 10⁻¹⁰",
    sp.Interval.Lopen(-1, sp.oo): "(−1, ∞)",
    sp.FiniteSet(2, 1, sp.Rational(1, 2)): "{1/2, 1, 2}",
    sp.Range(1, 33): "{1, 2, …, 32}",
    sp.S.Reals**3: "ℝ³",
    sp.ImageSet(sp.Lambda(k, 2**k), sp.S.Naturals): "{2^k | k ∈ ℕ}",
    A.T * B: "Aᵀ B",
    sp.trace(A): "tr(A)",
}
TYPST = {
    -x / 2: "-frac(x, 2)",
    sp.Add(x, -(y + 1), evaluate=False): "x + (-y - 1)",
    sp.Mul(-1, sp.Mul(-1, x, evaluate=False), evaluate=False): "-(-x)",
    (-2) ** x: "(-2)^x",
    (-x) ** y: "(-x)^y",
    -(x**2): "-x^2",
    (x**y) ** z: "(x^y)^z",
    x ** (y**z): "x^(y^z)",
    sp.Rational(-1, 2) ** n: "(-frac(1, 2))^n",
    x ** sp.Rational(-3, 2): "frac(1, x^(3\\/2))",
    2 * 3**x: "2 dot.op 3^x",
    sp.Symbol("x_prime") ** 2: "(x^prime)^2",
    sp.Sum(a[i], (i, 1, n)) ** 2: "(sum_(i = 1)^n a_i)^2",
    sp.Sum(a[i] + 1, (i, 1, n)) + x: "x + sum_(i = 1)^n (a_i + 1)",
    sp.Sum(a[i], (i, 1, n)) + sp.Sum(w[j], (j, 1, n)): "(sum_(i = 1)^n a_i) + sum_(j = 1)^n w_j",
    sp.Sum(a[i], (i, 1, n)) * sp.Sum(w[j], (j, 1, n)): "(sum_(i = 1)^n a_i) sum_(j = 1)^n w_j",
    sp.Sum(w[i, j], (i, 1, j), (j, 1, n)): "sum_(j = 1)^n sum_(i = 1)^j w_(i, j)",
    sp.Function("f_L")(x): "f_L (x)",
    sp.Eq(x, -y): "x = -y",
    sp.Indexed("w_0", i, j): "w_(0, i, j)",
    sp.Indexed("x_0", i): "x_(0, i)",
    Expect(relu(u), (u,), [[1]]) ** 2: '(bb(E)_(u tilde.op cal(N)(0, 1)) [op("ReLU")(u)])^2',
    sp.exp(-x / 2): "upright(e)^(-x\\/2)",
}
STATEMENTS: dict[Statement, str] = {
    Identity(lhs=f(x), rhs=x**2): "f(x) = x²",
    Inequality(lhs=f(x), rhs=x + 1): "f(x) ≤ x + 1",
    ProbabilityBound(deviation=sp.Abs(x - y), bound=z, level=delta, width=n): "P(|x − y| > z) ≤ δ whenever m ≥ n",
    ProbabilityBound(
        deviation=sp.Abs(x - y), bound=z, level=delta, width=n, need=Need.NECESSARY
    ): "P(|x − y| > z) > δ whenever m < n",
    Rate(
        quantity=x, exponent=sp.Rational(-1, 2), direction=Direction.AT_MOST, margin=sp.Rational(1, 4), along=m
    ): "med(x) = O(1/√m) (fitted exponent ≤ −1/2 + 1/4)",
    Rate(
        quantity=x, exponent=sp.S.NegativeOne, direction=Direction.EXACTLY, margin=sp.Rational(1, 8), along=n
    ): "med(x) ∝ 1/n (fitted exponent = −1 ± 1/8)",
    Limit(quantity=x, value=rho, tolerance=sp.Rational(1, 5), along=m): "x →(P) ρ (m → ∞, tested to ±1/5)",
    Ordering(quantity=x, trend=Trend.DECREASING, along=m): "med(x) is strictly decreasing in m",
    EqualityInLaw(
        quantity=x, law=sp.erf(t), argument=t, tolerance=sp.Rational(1, 9)
    ): "P(x ≤ t) = erf(t) (tested to ±1/9 uniformly in t)",
    EqualityInLaw(
        quantity=x, law=sp.erf(t), argument=t, tolerance=sp.Rational(1, 9), within=sp.Rational(1, 20)
    ): "P(x ≤ t) = erf(t) (tested to ±1/9 uniformly in t), up to ±1/20",
    EqualityInLaw(
        quantity=x, law=2 * y, tolerance=sp.Rational(1, 9)
    ): "x has the law of 2 y (distribution functions tested to ±1/9)",
}
MORE = [
    *(
        2 * Expect(sp.Sum(a[i] * relu(u * w[i]), (i, 1, n)), (u, v), pair) / 3,
        sp.Product(sp.Sum(x, (i, 1, j)), (j, 1, n)),
    ),
    *(nngp * step(x) + nngp.func(*nngp.args[:4], L - 1), sp.exp(-sp.Sum(a[i] ** 2, (i, 1, n)))),
    *(sp.KroneckerDelta(i, j), sp.besseli(n, x), sp.gegenbauer(n, x, y), sp.Heaviside(x), sp.gamma(x + 1) ** 2),
    *(sp.Max(x, y, 0), sp.floor(x / 2), sp.ceiling(x), sp.Mod(x, 3), sp.root(x, 3), sp.I * x, sp.E, -sp.oo),
    *(A.I, A**2 + B, sp.Determinant(A), sp.Identity(n), A[i, j], sp.Matrix([[1, x], [x / 2, 1]]), sp.Tuple(x, y)),
    *(
        sp.Eq(x, y),
        sp.Ne(x, y),
        (x > 0) & (y >= 1),
        (x < 0) | ~sp.Contains(y, sp.S.Integers),
        sp.Contains(x, sp.S.Reals),
    ),
    *(sp.Union(sp.Interval(0, 1), sp.FiniteSet(x)), sp.Complement(sp.S.Reals, sp.FiniteSet(0)), sp.S.EmptySet),
    *(sp.ConditionSet(x, x**2 < 2, sp.S.Rationals), sp.ProductSet(sp.Interval.open(0, 1), sp.S.Naturals0)),
    *(sp.Derivative(f(x), x), sp.Derivative(f(x, y), x, y), sp.Limit(f(x), x, sp.oo), sp.Float("0.125") * x),
]


def compile_page(formulas: list[str]) -> list[str]:
    """Set all the formulas in one run; returns the warnings."""
    source = '#for f in json(bytes(sys.inputs.f)) { math.equation(block: true, eval(f, mode: "math")) }'
    inputs = {"f": json.dumps(formulas)}
    _, warnings = typst.compile_with_warnings(source.encode(), format="pdf", sys_inputs=inputs)
    return [warning.message for warning in warnings]


@pytest.mark.parametrize(("expr", "text"), READABLE.items(), ids=READABLE.values())
def test_plain_text_reads_like_mathematics(expr: sp.Basic, text: str) -> None:
    assert formula(expr).text == text


@pytest.mark.parametrize(("expr", "typst_"), TYPST.items(), ids=TYPST.values())
def test_brackets_stand_where_they_must_and_nowhere_else(expr: sp.Basic, typst_: str) -> None:
    assert formula(expr).typst == typst_


@pytest.mark.parametrize(("statement", "text"), STATEMENTS.items(), ids=STATEMENTS.values())
def test_every_kind_of_statement_is_a_sentence(statement: Statement, text: str) -> None:
    assert statement_formula(statement).text == text


def test_every_printed_formula_compiles_without_a_warning() -> None:
    printed = [formula(expr).typst for expr in [*READABLE, *TYPST, *MORE]]
    assert compile_page(printed + [statement_formula(s).typst for s in STATEMENTS]) == []


def test_latex_has_balanced_braces_and_our_names() -> None:
    for expr in [*READABLE, *TYPST, *MORE]:
        latex = formula(expr).latex.replace(r"\{", "").replace(r"\}", "")
        assert latex.count("{") == latex.count("}"), latex
        assert latex.count(r"\left") == latex.count(r"\right"), latex
    assert formula(sp.exp(-sp.Symbol("mu_bar"))).latex == r"e^{- \bar{\mu}}"
    assert formula(sp.acos(rho) ** 2).latex == r"\arccos^{2}\left(\rho\right)"
    assert formula(Expect(z, (z,), [[1]])).latex == r"\mathbb{E}_{z \sim \mathcal{N}\left(0, 1\right)}\left[z\right]"


CHANGED = {
    "lhs": x**3,
    "rhs": x**3,
    "quantity": x**3,
    "deviation": x**3,
    "bound": x**3,
    "value": x**3,
    "level": 2 * delta,
    "width": 2 * n,
    "exponent": sp.Rational(1, 3),
    "margin": sp.Rational(1, 3),
    "tolerance": sp.Rational(1, 3),
    "within": sp.Rational(1, 30),
    "along": L,
    "argument": z,
    "law": sp.erf(2 * t),
    "where": ((y, x**3),),
    "domain": ((x, sp.Interval(0, 1)),),
}


@pytest.mark.parametrize("statement", STATEMENTS, ids=STATEMENTS.values())
def test_changing_a_slot_changes_the_print(statement: Statement) -> None:
    def shown(s: Statement) -> list[tuple[str, ...]]:
        parts = (statement_formula(s), domain_formula(s), *where_formulas(s))
        return list(zip(*((p.typst, p.latex, p.text) for p in parts if p), strict=True))

    for name, value in statement.slots().items():
        other = (
            next(o for o in type(value) if o is not value)
            if isinstance(value, Trend | Direction | Need)
            else CHANGED[name]
        )
        for before, after in zip(shown(statement), shown(dataclasses.replace(statement, **{name: other})), strict=True):
            assert before != after, name


@pytest.mark.parametrize("statement", STATEMENTS, ids=STATEMENTS.values())
def test_a_variant_never_prints_like_its_original(statement: Statement) -> None:
    for name, value in statement.slots().items():
        enum = isinstance(value, Trend | Direction | Need)
        other = next(o for o in type(value) if o is not value) if enum else CHANGED[name]
        variant = dataclasses.replace(statement, **{name: other})
        assert variant_formula(variant, statement).text != statement_formula(statement).text, name
    assert variant_formula(statement, statement) == statement_formula(statement)


def test_a_tolerance_behind_a_sign_is_bracketed_where_it_is_a_sum() -> None:
    limit = Limit(quantity=x, value=rho, tolerance=(n - 1) / 8, along=m)
    assert statement_formula(limit).text == "x →(P) ρ (m → ∞, tested to ±(n/8 − 1/8))"


def test_domain_groups_symbols_with_the_same_set() -> None:
    domain = ((x, sp.S.Reals), (y, sp.S.Reals), (L, sp.FiniteSet(1, 2)))
    printed = domain_formula(Identity(lhs=x, rhs=y, domain=domain))
    assert printed is not None
    assert printed.text == "∀ x, y ∈ ℝ, L ∈ {1, 2}"
    assert domain_formula(Identity(lhs=x, rhs=y)) is None


def test_definitions_are_equations() -> None:
    (printed,) = where_formulas(Identity(lhs=f(x), rhs=y, where=((f(x), x**2 + 1),)))
    assert printed.text == "f(x) = x² + 1"


def test_a_registered_notation_comes_before_the_convention(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_formula", statements._formula.__wrapped__)  # which remembers what it printed
    monkeypatch.setitem(NOTATION, "rho", Notation("sup_t abs(f)", r"\sup_t |f|", "sup|f|"))
    assert formula(rho).text == "sup|f|"
    assert formula(rho**2).typst == "(sup_t abs(f))^2"
    assert formula(x * rho).typst == "(sup_t abs(f)) x"
    monkeypatch.setitem(NOTATION, "rho", Notation("Sigma^((L))", r"\Sigma^{(L)}", "Σ^(L)"))
    assert formula(x - rho * y).typst == "x - Sigma^((L)) y"
    assert formula(rho**2).typst == "(Sigma^((L)))^2"


def test_a_recursion_keeps_its_name_and_a_second_one_gets_a_prime() -> None:
    other = Iterate(S + 1, S, k, 0, L)
    assert formula(other + nngp).text.count("S′") == 5


class _Odd(sp.Expr):
    pass


@pytest.mark.parametrize(
    ("expr", "named"),
    [(x + _Odd(x), "_Odd"), (sp.conjugate(x), "conjugate"), (sp.nan, "NaN"), (sp.zoo, "Complex")],
)
def test_an_unknown_construct_is_an_error_that_names_it(expr: sp.Basic, named: str) -> None:
    with pytest.raises(UnprintableError, match=named):
        formula(expr)


@pytest.mark.parametrize("expr", [sp.Symbol("x0") + sp.Symbol("x_0"), sp.Symbol("pi") + sp.pi, nngp + S])
def test_two_things_that_look_alike_are_an_error(expr: sp.Basic) -> None:
    with pytest.raises(UnprintableError, match="printed"):
        formula(expr)


# A small reader of the plain text: what a person would compute from the print must be what the expression is.

POINT = {"x": 1.7, "y": -0.6, "z": 2.3}
TOKEN = re.compile(r"\s*([0-9]+|[xyz()^/·√∛∜+−]|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)")
SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789−+", strict=True))


class Reader:
    """Computes the value of a printed sum of products of powers, as a reader does."""

    def __init__(self, text: str) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == text.replace(" ", ""), text

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def sum(self) -> complex:
        sign = -1 if self.peek() == "−" and self.tokens.pop(0) else 1
        value = sign * self.product()
        while self.peek() in ("+", "−"):
            sign = -1 if self.tokens.pop(0) == "−" else 1
            value += sign * self.product()
        return value

    def product(self) -> complex:
        value = self.power()
        while self.peek() not in ("", "+", "−", ")"):
            divide = self.peek() == "/"
            if self.peek() in "/·":
                self.tokens.pop(0)
            value = value / self.power() if divide else value * self.power()
        return value

    def power(self) -> complex:
        base = self.atom() + 0  # no negative zero: SymPy has none
        if self.peek() == "^":
            self.tokens.pop(0)
            return base ** self.atom()
        if self.peek() and self.peek()[0] in SUPERSCRIPT:
            return base ** Reader("".join(SUPERSCRIPT[c] for c in self.tokens.pop(0))).sum()
        return base

    def atom(self) -> complex:
        first = self.tokens.pop(0)
        if first == "(":
            value = self.sum()
            assert self.tokens.pop(0) == ")"
            return value
        if first in "√∛∜":
            return (self.atom() + 0) ** (1 / (2 + "√∛∜".index(first)))
        return complex(POINT[first] if first in POINT else int(first))


def unevaluated(children: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    operands = st.lists(children, min_size=2, max_size=3)
    exponents = st.sampled_from(
        [2, 3, -1, -2, sp.Rational(1, 2), sp.Rational(-1, 2), sp.Rational(1, 3), sp.Rational(3, 2)]
    )
    return st.one_of(
        operands.map(lambda o: sp.Add(*o, evaluate=False)),
        operands.map(lambda o: sp.Mul(*o, evaluate=False)),
        operands.map(lambda o: sp.Mul(*o)),
        operands.map(lambda o: sp.Add(*o)),
        children.map(lambda o: sp.Mul(-1, o, evaluate=False)),
        st.builds(lambda b, e: sp.Pow(b, e, evaluate=False), children, exponents),
        st.builds(lambda b, e: sp.Pow(b, e, evaluate=False), children, children),
    )


NUMBERS = st.sampled_from([sp.Integer(k) for k in (-3, -1, 2, 5)] + [sp.Rational(1, 2), sp.Rational(-2, 3)])


@settings(max_examples=300, deadline=None)
@given(st.recursive(st.one_of(NUMBERS, st.sampled_from([x, y, z])), unevaluated, max_leaves=6))
def test_what_a_reader_computes_from_the_print_is_the_value_of_the_expression(expr: sp.Expr) -> None:
    value = expr.subs({x: POINT["x"], y: POINT["y"], z: POINT["z"]}).evalf()
    assume(value.is_finite and value.is_real and not expr.has(sp.I) and abs(value) < 1e6)
    try:
        read = Reader(TextPrinter().doprint(expr))
        computed = read.sum()
    except (OverflowError, ZeroDivisionError):
        assume(False)
    assert not read.tokens
    assert abs(computed - complex(value)) <= 1e-6 * (1 + abs(value))


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (x + sp.Rational(1, 10**30), "x + 1/10³⁰"),
        (-(10**9) * x, "−10⁹ x"),
        (sp.Pow(sp.Integer(10) ** 9, x, evaluate=False), "(10⁹)^x"),
        (sp.Integer(10) ** 7, "10000000"),
        (sp.Integer(2) * 10**9, "2000000000"),
    ],
)
def test_zeros_that_nobody_counts_are_a_power_of_ten(expr: sp.Expr, text: str) -> None:
    assert formula(expr).text == text


def test_a_sum_as_the_factor_of_a_matrix_keeps_its_brackets() -> None:
    a = sp.Symbol("a", real=True)
    assert TextPrinter().doprint((1 - a) * A + a * B) == "a B + (1 − a) A"
