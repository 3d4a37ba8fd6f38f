"""Fractional variances as SymPy nodes, and the depths at which they are largest."""

from itertools import product

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq

from derivations.depth_spectra import FractionalVariance, Largest, PlaceOfLargest
from numerics.balls import enclose
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind
from numerics.spectra.limits import fractional_variances
from verify.ledger._cube_spectra import d as ledger_d
from verify.ledger._cube_spectra import k as ledger_k
from verify.ledger.infinite_depth import ERF_LIMIT, RELU_LIMIT
from verify.ledger.largest_eigenvalue_shares import IM_NUM_80PCT
from verify.typeset.latex import TheoryLatexPrinter
from verify.typeset.text import TextPrinter
from verify.typeset.typst import TypstPrinter

L, k, n = sp.symbols("L k n", integer=True)
TENTH = sp.Rational(1, 10)


@pytest.mark.parametrize("activation", ["relu", "erf"])
@pytest.mark.parametrize("kind", ["ck", "ntk"])
@pytest.mark.parametrize("depth", [0, 1, 2, 3, 5, 17])
def test_it_is_the_part_of_the_trace_in_the_parity_functions_of_its_degree(activation, kind, depth):
    d = 4
    kernel = Kernel(
        dual=DUALS[activation],
        depth=depth,
        weight_variance=fmpq(2),
        bias_variance=fmpq(1, 10),
        kind=Kind(kind),
    )
    x = np.array(list(product((-1, 1), repeat=d)))
    values = [float(arb(kernel(fmpq(d - 2 * r, d)))) for r in range(d + 1)]
    matrix = np.array(values)[(d - x @ x.T) // 2]
    for degree in range(d + 1):
        parities = [np.prod(x[:, subset], axis=1) for subset in _subsets(d, degree)]
        part = sum(chi @ matrix @ chi for chi in parities) / len(x) / np.trace(matrix)
        found = enclose(FractionalVariance(activation, kind, depth, 2, TENTH, d, degree), {})
        assert float(found) == pytest.approx(part, rel=1e-9, abs=1e-12)


def _subsets(d, size):
    return [list(np.flatnonzero(mask)) for mask in product((0, 1), repeat=d) if sum(mask) == size]


def test_the_largest_value_and_its_place_of_a_known_function():
    parabola = 6 * n - n**2 + k
    assert enclose(Largest(parabola, (n, 0, k)), {k: 9}) == 18
    assert enclose(PlaceOfLargest(parabola, (n, 0, k)), {k: 9}) == 3
    assert enclose(PlaceOfLargest(parabola, (n, 4, k)), {k: 9}) == 4
    assert PlaceOfLargest(parabola, (n, 0, k)).free_symbols == {k}


def test_two_places_of_the_largest_value_are_not_told_apart():
    found = enclose(PlaceOfLargest(sp.cos(sp.pi * n), (n, 0, 4)), {})
    assert found.contains(0) and found.contains(4) and not found.is_exact()


def test_a_range_without_integers_has_no_largest_value():
    with pytest.raises(ValueError, match="over no integer"):
        enclose(Largest(n, (n, 1, 0)), {})


def test_what_there_is_not_is_refused():
    with pytest.raises(ValueError, match="no dual of 'tanh' here; there are relu, erf"):
        FractionalVariance("tanh", "ck", 1, 2, 0, 7, 1)
    with pytest.raises(ValueError, match="'nngp' is not a valid Kind"):
        FractionalVariance("erf", "nngp", 1, 2, 0, 7, 1)
    with pytest.raises(ValueError, match="a degree from 0 to d, not 1 and 8"):
        enclose(FractionalVariance("erf", "ck", 1, 2, 0, 7, 8), {})
    with pytest.raises(ValueError, match="must be exact rational numbers"):
        enclose(FractionalVariance("erf", "ck", 1, sp.sqrt(2), 0, 7, 1), {})


def test_the_best_depths_of_relu_in_dimension_128():
    share = FractionalVariance("relu", "ntk", L, 2, 0, 128, k)
    best = [enclose(PlaceOfLargest(share, (L, 0, 16)), {k: degree}) for degree in range(2, 9)]
    assert best == [1, 3, 4, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("kind", "variance", "d", "percent"),
    [
        ("ck", 4, 7, (69.3, 77.0, 81.3)),
        ("ck", 4, 128, (68.7, 76.4, 80.8)),
        ("ntk", 4, 7, (54.1, 54.7, 54.1)),
        ("ntk", 4, 128, (53.0, 53.4, 52.7)),
        ("ck", 2, 7, (74.4, 83.9, 88.7)),
        ("ck", 2, 128, (74.0, 83.5, 88.4)),
        ("ntk", 2, 7, (58.6, 62.7, 64.9)),
        ("ntk", 2, 128, (57.7, 61.7, 63.9)),
    ],
)
def test_all_readings_of_the_eighty_percent_that_the_ledger_prints(kind, variance, d, percent):
    shares = [enclose(FractionalVariance("relu", kind, L, variance, variance, d, 0), {}) for L in (1, 2, 3)]
    assert tuple(round(100 * float(share), 1) for share in shares) == percent
    note = IM_NUM_80PCT.note
    assert ", ".join(map(str, percent)) in note


@pytest.mark.parametrize(
    ("activation", "kind", "weights", "formula"), [("relu", "ntk", 2, RELU_LIMIT), ("erf", "ck", 4, ERF_LIMIT)]
)
@pytest.mark.parametrize("dimension", [7, 24])
def test_the_ledger_has_the_limits_in_infinite_depth(activation, kind, weights, formula, dimension):
    limits = fractional_variances(activation, Kind(kind), fmpq(weights), fmpq(0), dimension)
    for degree in (1, 3, 5):
        limit = sp.Rational(int(limits[degree].p), int(limits[degree].q))
        assert formula.subs({ledger_d: dimension, ledger_k: degree}) == limit


def test_prints_say_kernel_activation_and_setting():
    share = FractionalVariance("relu", "ntk", 2 * L, 2, TENTH, 7, k + 1)
    best = PlaceOfLargest(share, (L, 0, 9))
    assert TypstPrinter().doprint(share) == 'nu_(k + 1)^("NTK") ("ReLU", 2 L, 2, 1\\/10, 7)'
    assert TextPrinter().doprint(best) == "argmax_(0 ≤ L ≤ 9) ν_(k + 1)^NTK(ReLU, 2 L, 2, 1/10, 7)"
    assert TheoryLatexPrinter().doprint(Largest(share, (L, 0, 9))).startswith(r"\max_{0 \le L \le 9} \nu_{k + 1}")
