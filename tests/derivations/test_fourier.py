"""Cosine coefficients and the spectral density of the Gaussian kernel: what closes, and what does not."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import fourier, spectral_density
from derivations.expressions import Expect
from verify.ledger.kernel_dimension import DS_GAUSS_INF_DIM, DS_INF_DIM
from verify.statement import Identity

t, u = sp.symbols("t u", real=True)
j = sp.Symbol("j", integer=True, positive=True)
v = sp.Symbol("v", positive=True)
STATEMENT = DS_INF_DIM.forms[0].statement
GAUSSIAN = DS_GAUSS_INF_DIM.forms[0].statement


def test_the_coefficients_of_the_relu_kernel():
    assert fourier.coefficient(STATEMENT).reaches


def test_a_coefficient_that_is_off_stays_open():
    chain = fourier.coefficient(replace(STATEMENT, rhs=STATEMENT.rhs + sp.Rational(1, 10**30)))
    assert not chain.reaches


def test_orthogonality_of_cosines():
    k = sp.Symbol("k", integer=True, positive=True)
    integral = sp.Integral(sp.cos(j * t) * sp.cos((j + k) * t), (t, 0, sp.pi))
    domain = ((j, sp.S.Naturals), (k, sp.S.Naturals))
    assert fourier.coefficient(Identity(lhs=integral, rhs=sp.S.Zero, domain=domain)).reaches


@pytest.mark.parametrize(
    ("lhs", "obstacle"),
    [
        (sp.cos(2 * j), "holds 0 integrals"),
        (sp.Integral(sp.cos(t), (t, 0, sp.pi)) + j, "no multiple of its integral"),
    ],
)
def test_sides_that_are_no_coefficient(lhs, obstacle):
    chain = fourier.coefficient(Identity(lhs=lhs, rhs=sp.S.Zero, domain=((j, sp.S.Naturals),)))
    assert obstacle in chain.obstacle


def test_the_gaussian_kernel_is_the_expectation_of_a_cosine():
    assert spectral_density.of_cosine(GAUSSIAN).reaches
    assert not spectral_density.of_cosine(replace(GAUSSIAN, rhs=2 * GAUSSIAN.rhs)).reaches


@pytest.mark.parametrize(
    "lhs", [Expect(sp.sin(u), (u,), [[v]]), Expect(sp.cos(u), (u,), [[2 * v]]), Expect(sp.cos(2 * u), (u,), [[v]])]
)
def test_other_expectations_are_refused(lhs):
    assert spectral_density.of_cosine(replace(GAUSSIAN, lhs=lhs)).obstacle
