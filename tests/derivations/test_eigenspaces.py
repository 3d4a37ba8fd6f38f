"""The nodes for eigenspaces: what they enclose, how they are printed, and what they refuse."""

import pytest
import sympy as sp

from derivations.eigenspaces import EigenspaceDimension, LeadingEigenvalue
from derivations.kernel_spectra import KernelEigenvalue
from numerics.balls import enclose
from verify.typeset.latex import TheoryLatexPrinter
from verify.typeset.text import TextPrinter
from verify.typeset.typst import TypstPrinter

d, k = sp.symbols("d k", integer=True, positive=True)
NETWORK = ("relu", "ntk", 3, 2, sp.Rational(1, 10))


def test_dimensions_are_exact_numbers():
    node = EigenspaceDimension("sphere", *NETWORK, d, k - 1)
    assert enclose(node, {d: 32, k: 3}) == 32 * 33 // 2 - 1


@pytest.mark.parametrize("inputs", ["cube", "sphere"])
def test_the_largest_eigenvalue_of_a_degree_is_the_only_one(inputs):
    value = enclose(LeadingEigenvalue(inputs, *NETWORK, d, 2), {d: 32}, digits=8)
    assert value.overlaps(enclose(KernelEigenvalue(inputs, *NETWORK, 32, 2), {}, digits=8))


def test_under_the_gaussian_it_is_near_that_on_the_sphere():
    network = ("erf", "ck", 1, 4, 4)
    top, other = (enclose(LeadingEigenvalue(inputs, *network, 256, 1), {}) for inputs in ("gaussian", "sphere"))
    assert abs(top / other - 1) < 0.01


def test_they_are_printed_with_all_that_they_depend_on():
    node = EigenspaceDimension("cube", *NETWORK, d, k - 1)
    assert TextPrinter().doprint(node) == "dim E_(k − 1)(cube, ReLU NTK, L = 3, σ_w² = 2, σ_b² = 1/10, d)"
    assert TypstPrinter().doprint(node).startswith('op("dim") E_(k - 1) ("cube", "ReLU NTK", L = 3')
    top = LeadingEigenvalue("gaussian", *NETWORK, 64, k)
    assert TextPrinter().doprint(top) == "λ_k(gaussian, ReLU NTK, L = 3, σ_w² = 2, σ_b² = 1/10, d = 64)"
    assert TheoryLatexPrinter().doprint(top).startswith(r"\lambda_{k}\left(\text{gaussian}, \text{ReLU NTK}, L = 3")


@pytest.mark.parametrize("arguments", [("torus", *NETWORK), ("cube", "tanh", *NETWORK[1:]), ("cube", "relu", "gp")])
def test_unknown_laws_activations_and_kernels_are_refused(arguments):
    with pytest.raises(ValueError, match=r"torus|tanh|gp"):
        EigenspaceDimension(*arguments, d, k)


def test_variances_are_exact():
    with pytest.raises(ValueError, match="exact rational"):
        enclose(EigenspaceDimension("cube", "relu", "ck", 1, sp.pi, 1, 4, 0), {})
