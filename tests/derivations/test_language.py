"""The language of activations: what it reads, what it refuses and how it says so, and that nothing blows it up."""

import math
import time

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.expressions import normal_cdf, relu, step
from derivations.language import FUNCTIONS, ExpressionError, parse, x
from numerics.balls import enclose


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("max(x, 0) + 0.1*min(x, 0)", relu(x) - relu(-x) / 10),
        ("ReLU(x)", relu(x)),
        ("max(0, x)", relu(x)),
        ("leaky_relu(x, 0.2)", relu(x) - relu(-x) / 5),
        ("gelu(x)", x * normal_cdf(x)),
        ("x*Phi(x)", x * normal_cdf(x)),
        ("clip(x, -1, 1)", relu(x + 1) - relu(x - 1) - 1),
        ("min(max(x, 0), 6)", relu(x) - relu(relu(x) - 6)),
        ("step(x)*x", x * step(x)),
        ("softplus(x)", sp.log(1 + sp.exp(x))),
        ("hermite(3, x)", x**3 - 3 * x),
        ("sin(2*pi*x)", sp.sin(2 * sp.pi * x)),
        ("-x^2", -(x**2)),
        ("2^3^2*x", 512 * x),
        ("2**-1*x", x / 2),
        ("2^x", sp.exp(x * sp.log(2))),
        ("e^x", sp.exp(x)),
        ("1 - 2 - 3 + x", x - 4),
        ("12/2/3*x", 2 * x),
        ("- - x", x),
        ("1e-3*x + .5", x / 1000 + sp.Rational(1, 2)),
        ("x − 2·x", -x),
        ("sqrt(x^2)", sp.Abs(x)),
    ],
)
def test_a_formula_is_read_as_it_is_meant(text, expression):
    assert parse(text) == expression


def test_decimals_are_exact():
    assert parse("0.1*x").coeff(x) == sp.Rational(1, 10)
    assert not parse("0.1*x + 1e-30").has(sp.Float)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_known_in_a_formula(name):
    arguments = {"hermite": "2, x", "max": "x, 0", "min": "x, 0", "log": "1 + x^2", "sqrt": "1 + x^2"}.get(name, "x")
    assert parse(f"{name}({arguments})").free_symbols <= {x}


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("", "there is no formula", 0),
        ("2x", "multiplication is always written: 2*x", 1),
        ("(x)(x)", "multiplication is always written: )*(", 3),
        ("x + mni(x,0)", "there is no function 'mni'; did you mean 'min'?", 4),
        ("a*x", "'a' is not known: the only variable is x, and parameters need values", 0),
        ("alpha*x", "'alpha' is not known: the only variable is x", 0),
        ("max(x)", "takes 2 to 8 arguments, and 1 was given", 0),
        ("relu(x, 0)", "relu(x) takes 1 argument, and 2 were given", 0),
        ("relu", "relu is a function: write relu(x)", 0),
        ("x(2)", "x is no function", 1),
        ("x + ", "the formula ends too early", 3),
        ("(x + 1", "this '(' is never closed", 0),
        ("x + 1)", "')' closes a bracket that was never opened", 5),
        ("|x|", "an absolute value is written abs(x)", 0),
        ("x²", "a power is written x^2", 1),
        ("x > 0", "there are no comparisons", 2),
        ("f(x) = x", "write the right side alone", 5),
        ("1/0", "this divides by zero", 1),
        ("1/x", "the function has no real value at x = 0", 1),
        ("sqrt(x)", "the function has no real value at x = -1", 0),
        ("x + log(x)", "the function has no real value at x = -1", 4),
        ("x^0.5", "the function has no real value at x = -1", 1),
        ("x^x", "write exp(b*log(a))", 1),
        ("clip(x, 1, 0)", "needs low < high", 0),
        ("elu(x, x)", "has to be a number", 0),
        ("hermite(x, 3)", "the second argument of hermite is x itself", 11),
    ],
)
def test_a_mistake_is_shown_where_it_is(text, problem, place):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert problem in caught.value.problem
    assert caught.value.place == place
    if text:
        *_, formula, caret = str(caught.value).split("\n")
        assert formula == f"  {text}"
        assert caret.index("^") == place + 2


MALICIOUS = [
    "9^9^9^9",
    "10^10^10^10*x",
    "2^0.123456789^0.123456789",
    "(" * 1_000_000,
    "(" * 900 + "x" + ")" * 900,
    "exp(" * 400 + "x" + ")" * 400,
    "x" + "^x" * 900,
    "-" * 1999 + "(",
    "((x^32)^32)^32",
    "(relu(x) + tanh(x) + sin(x) + 1)^32",
    "exp(" + "+".join(f"relu(x-{k})" for k in range(60)) + ")",
    "1e999999999*x",
    "9" * 1999,
    "99999999999999999999999999999999999999^0.0625*x",
    "hermite(1000000, x)",
    "__import__('os').system('true')",
    "x.__class__.__mro__",
    "lambda: 0",
    "Symbol(x)",
    "exit()",
    "\x00\x1b[2J",
    "x\u202e+1",
    "max(" + ",".join(["x"] * 500) + ")",
    "1/(x-x)",
    "exp(exp(exp(exp(exp(x)))))^32",
]


@pytest.mark.parametrize("text", MALICIOUS, ids=range(len(MALICIOUS)))
def test_what_could_blow_up_is_refused_in_no_time(text):
    start = time.monotonic()
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert time.monotonic() - start < 3
    assert len(str(caught.value)) < 400
    assert "\x1b" not in str(caught.value)


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read_or_refused(text):
    try:
        expression = parse(text)
    except ExpressionError:
        return
    assert expression.free_symbols <= {x}


@given(st.text(alphabet="x0123456789.e+-*/^(), maxreluinstphg", max_size=30))
@settings(deadline=None, max_examples=200)
def test_almost_formulas_are_read_or_refused(text):
    try:
        parse(text)
    except ExpressionError as error:
        assert 0 <= error.place <= len(text)


FUNCTIONS_OF_FLOATS = {
    "relu": lambda t: max(t, 0.0),
    "abs": abs,
    "tanh": math.tanh,
    "sin": math.sin,
    "erf": math.erf,
    "sigmoid": lambda t: 1 / (1 + math.exp(-t)),
    "Phi": lambda t: (1 + math.erf(t / math.sqrt(2))) / 2,
    "elu": lambda t: t if t >= 0 else math.expm1(t),
    "clip": lambda t: min(max(t, -1.0), 1.0),
    "atan": math.atan,
}
LEAVES = st.one_of(
    st.just(("x", lambda t: t)),
    st.integers(0, 9).map(lambda n: (str(n), lambda t: float(n))),  # noqa: ARG005
    st.sampled_from(["0.5", ".25", "2.5e-1", "1e1"]).map(lambda d: (d, lambda t: float(d))),  # noqa: ARG005
)


def grown(children):
    """Formulas made of smaller ones, each with its value in floating point."""

    def joined(sign, a, b):
        operation = {"+": lambda s, t: s + t, "-": lambda s, t: s - t, "*": lambda s, t: s * t}[sign]
        return f"({a[0]}){sign} ({b[0]})", lambda t: operation(a[1](t), b[1](t))

    def applied(name, a):
        return f"{name}({a[0]})", lambda t: FUNCTIONS_OF_FLOATS[name](a[1](t))

    return st.one_of(
        st.builds(joined, st.sampled_from("+-*"), children, children),
        st.builds(applied, st.sampled_from(sorted(FUNCTIONS_OF_FLOATS)), children),
        children.map(lambda a: (f"-({a[0]})", lambda t: -a[1](t))),
        children.map(lambda a: (f"({a[0]})^2", lambda t: a[1](t) ** 2)),
        st.builds(lambda a, b: (f"max({a[0]}, {b[0]})", lambda t: max(a[1](t), b[1](t))), children, children),
    )


@given(st.recursive(LEAVES, grown, max_leaves=5), st.sampled_from([-1.5, -0.25, 0.0, 0.75, 2.0]))
@settings(deadline=None, max_examples=150)
def test_a_printed_tree_reads_back_with_the_same_value(tree, point):
    text, value = tree
    try:
        expression = parse(text)
    except ExpressionError as error:
        assert "too large" in error.problem or "degree" in error.problem
        return
    expected = value(point)
    ball = enclose(expression, {x: sp.Rational(point)}, digits=10)
    assert abs(float(ball.mid()) - expected) <= 1e-9 * max(1.0, abs(expected))
