"""The page on the spectra under three laws of the inputs, and the radial matrix of the claim on the Gaussian."""

import numpy as np
import pytest

from numerics.spectra.gaussian import radial_nodes
from verify.appendices.three_spectra import three_spectra
from verify.ledger.eigenspaces_under_a_gaussian import CLAIMS


@pytest.fixture(scope="module")
def page():
    return three_spectra()


def test_every_degree_has_a_row_and_the_laws_agree_to_the_order_of_one_over_the_dimension(page):
    for row in page.table.rows:
        cube, sphere, normal = (float(cell) for cell in row[1:4])
        assert sphere == pytest.approx(cube, rel=0.1)
        assert normal == pytest.approx(cube, rel=0.15)
    assert page.table.rows[2][-2:] == ("8,128", "8,255")


def test_the_second_radial_eigenvalue_comes_before_degree_two(page):
    rows = page.table.rows
    assert float(rows[1][3]) > float(rows[0][4]) > float(rows[2][3])


def test_the_certified_bounds_hold_what_is_drawn_beside_them(page):
    *_, largest, second, _, bounds = page.figures[0].series
    drawn = [*largest.y[:4], second.y[0]]
    assert all(low <= value <= high for low, value, high in zip(bounds.low, drawn, bounds.high, strict=True))


def test_the_gap_between_cube_and_sphere_is_of_first_order(page):
    for measured, line in zip(page.figures[1].series[::2], page.figures[1].series[1::2], strict=True):
        assert measured.y[-1] == pytest.approx(line.y[-1], rel=0.05)


def test_the_matrix_of_the_claim_is_the_radial_operator_of_squares():
    """σ(z) = z² at all variances 1: the mean of (1 + u)(1 + u') + 2(1 + √(uu') c)² + 1 over c, E c² = 1/d."""
    d = 12
    statement = next(form.statement for form in CLAIMS[0].forms if form.statement.where[0][0].name == "tau")
    (dimension,) = (symbol for symbol, _ in statement.domain)
    trace, determinant = (float(meaning.subs(dimension, d)) for _, meaning in statement.where)
    u, weights = radial_nodes(d, 6)
    kernel = np.outer(1 + u, 1 + u) + 2 + 2 * np.outer(u, u) / d + 1
    eigenvalues = np.linalg.eigvalsh(kernel * np.sqrt(np.outer(weights, weights)))[::-1]
    assert eigenvalues[:2].sum() == pytest.approx(trace)
    assert eigenvalues[0] * eigenvalues[1] == pytest.approx(determinant)
    assert np.abs(eigenvalues[2:]).max() < 1e-12
