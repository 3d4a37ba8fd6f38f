"""How eigenvalues of kernels and Taylor coefficients are printed."""

import sympy as sp

from derivations.kernel_spectra import KernelEigenvalue
from derivations.taylor_coefficients import TaylorCoefficient
from verify.typeset import formula

d, k, u = sp.symbols("d k u")


def test_an_eigenvalue_names_its_kernel_and_the_distribution() -> None:
    printed = formula(KernelEigenvalue("cube", "relu", "ntk", 2, 2, sp.Rational(1, 2), d, k + 1))
    assert printed.text == "μₖ₊₁ (ReLU NTK, 2, 2, 1/2; cube, d)"
    assert printed.typst == 'mu_(k + 1) ("ReLU NTK", 2, 2, 1\\/2; "cube", d)'
    assert printed.latex == r"\mu_{k + 1}\left(\text{ReLU NTK}, 2, 2, \frac{1}{2}; \text{cube}, d\right)"


def test_a_taylor_coefficient_names_the_power_it_belongs_to() -> None:
    printed = formula(TaylorCoefficient(sp.exp(u), u, sp.S.Half, k))
    assert printed.text == "[(u − 1/2)^k] exp(u)"
    assert printed.latex == r"\left[\left(u - \frac{1}{2}\right)^{k}\right] e^{u}"
