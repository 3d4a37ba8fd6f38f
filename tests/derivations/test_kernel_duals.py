"""Duals at every variance, from closed forms: against the definition, on series, and with the parities they have."""

import flint
import pytest
import sympy as sp
from flint import arb, arb_series, fmpq

from derivations.duals import NoClosedForm
from derivations.kernel_duals import kernel_dual
from derivations.language import parse, x
from derivations.numerical_duals import NumericalDual
from numerics.spectra import cube, sphere
from numerics.spectra.duals import ERF, RELU
from numerics.spectra.kernels import Kernel, Kind

CLOSED = ["max(x, 0.1*x)", "gelu(x)", "sin(x) + cos(x)", "x^2", "relu(x)^2", "gaussian(x)", "sinh(x)", "x*erf(x)"]


@pytest.mark.parametrize("text", CLOSED)
def test_duals_are_those_of_the_activation_stretched_to_the_variance(text):
    found = kernel_dual(parse(text))
    q, s = fmpq(1, 9), fmpq(1, 15)
    stretched = NumericalDual(parse(text).subs(x, x / 3))
    value, slope = found.pair(arb(q), arb(s))
    assert value.overlaps(stretched.at(sp.Rational(3, 5), digits=12))
    assert slope.overlaps(9 * stretched.derivative_at(sp.Rational(3, 5), digits=12))
    assert found.diagonal(q)[0].overlaps(stretched.at(sp.S.One, digits=12))


@pytest.mark.parametrize("text", CLOSED)
def test_power_series_are_those_of_the_functions(text):
    """Up to the order that a step of 2^-20 shows."""
    found, step = kernel_dual(parse(text)), fmpq(1, 2**20)
    before, flint.ctx.cap = flint.ctx.cap, 4
    try:
        series = found.series(arb(2), arb_series([fmpq(1, 2), 1]))
    finally:
        flint.ctx.cap = before
    for power, value in zip(series, found.pair(arb(2), fmpq(1, 2) + step), strict=True):
        near = sum(power[n] * step**n for n in range(4))
        assert abs(near - value) < 1e-12


def test_the_relu_and_erf_have_formulas_of_their_own():
    assert kernel_dual(parse("max(x, 0)")) is RELU
    assert kernel_dual(parse("erf(x)")) is ERF


def test_the_general_route_gives_the_spectrum_of_the_special_one():
    """(|x| + x)/2 is the ReLU, but not to the eye."""
    general = kernel_dual(parse("abs(x)/2 + x/2"))
    assert general is not RELU
    for kind in Kind:
        special, other = (
            Kernel(dual=dual, depth=2, weight_variance=fmpq(2), bias_variance=fmpq(1, 3), kind=kind)
            for dual in (RELU, general)
        )
        for route in (lambda kernel: cube.eigenvalues(kernel, 12), lambda kernel: sphere.eigenvalues(kernel, 24, 4)):
            assert all(a.overlaps(b) for a, b in zip(route(special), route(other), strict=True))


PARITIES = [
    ("sin(x)", {"odd"}),
    ("x^3", {"odd", "degree"}),
    ("cos(x)", {"even", "even_and_linear"}),
    ("max(x, 0.1*x)", {"even_and_linear"}),
    ("x + x^2", {"even_and_linear", "degree"}),
    ("gelu(x)", {"even_and_linear"}),
    ("exp(x)", set()),
]


@pytest.mark.parametrize(("text", "known"), PARITIES)
def test_parities_are_known(text, known):
    found = kernel_dual(parse(text))
    assert {name for name in ("odd", "even", "even_and_linear") if getattr(found, name)} == known - {"degree"}
    assert (found.degree is not None) == ("degree" in known)


def test_what_grows_too_fast_has_no_diagonal_beyond_a_variance():
    found = kernel_dual(parse("exp(0.2*x^2)"))
    assert found.diagonal(fmpq(1))[0].is_finite()
    assert not found.diagonal(fmpq(2))[0].is_finite()


def test_a_jump_has_no_slope_and_no_tangent_kernel():
    found = kernel_dual(parse("step(x)"))
    assert not found.smooth
    with pytest.raises(ValueError, match="no tangent kernel"):
        Kernel(dual=found, depth=1, weight_variance=fmpq(1), bias_variance=fmpq(0), kind=Kind.NTK)


def test_without_a_closed_form_there_is_none():
    with pytest.raises(NoClosedForm):
        kernel_dual(parse("tanh(x)"))
