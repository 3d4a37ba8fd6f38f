"""The parts of the sampler by sign pattern: chi-squared variables, roots of moments, orthonormal bases."""

import numpy as np
import pytest
from scipy import stats

from numerics.wide import one_pass
from numerics.wide.reflections import orthonormalise, root
from numerics.wide.tape import PAGE, chi_squared, normal, tape

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("freedom", [1, 2, 3, 7, 1000, 10**15])
def test_chi_squared_variables_have_their_law(freedom):
    source = tape(5, freedom)
    draws = np.sort([chi_squared(source, freedom) for _ in range(20_000)])
    values = stats.chi2(freedom).cdf(draws)
    steps = np.arange(20_001) / 20_000
    distance = max((steps[1:] - values).max(), (values - steps[:-1]).max())
    assert distance < np.sqrt(np.log(2 * 6 / 1e-9) / 40_000)


def test_a_tape_has_no_end_and_is_that_of_its_draw():
    one, again, other = tape(5, 0), tape(5, 0), tape(5, 1)
    numbers = [[normal(source) for _ in range(3 * PAGE)] for source in (one, again, other)]
    assert numbers[0] == numbers[1]
    assert len(set(numbers[0]) | set(numbers[2])) == 6 * PAGE


@pytest.mark.parametrize("count", [1, 2, 3, 5, 50])
def test_the_root_of_moments_has_as_many_rows_as_there_are_neurons(count):
    z = RNG.normal(size=(count, 3))
    rows = np.ones((min(count, 3), 3))
    root(z.T @ z, rows)
    assert np.allclose(rows.T @ rows, z.T @ z, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("matrix", "rank"),
    [
        (RNG.normal(size=(7, 3)), 3),
        (RNG.normal(size=(2, 4)), 2),
        (np.ones((6, 3)), 1),
        (np.zeros((5, 2)), 0),
        (RNG.normal(size=(7, 2)) @ np.array([[1.0, 1.0, 0.0], [0.0, 1e-12, 0.0]]), 2),
        (RNG.normal(size=(7, 2)) @ np.array([[1.0, 1.0, 0.0], [0.0, 1e-15, 1.0]]), 2),
    ],
    ids=["tall", "broad", "rank one", "zero", "close columns and none", "columns that differ by rounding"],
)
def test_bases_are_orthonormal_whatever_the_rank(matrix, rank):
    n = matrix.shape[1]
    basis, triangle = np.ones_like(matrix), np.ones((n, n))
    assert orthonormalise(matrix.copy(), basis, triangle, np.zeros(n, dtype=np.int64), np.zeros(n)) == rank
    assert np.allclose(basis[:, :rank].T @ basis[:, :rank], np.eye(rank), atol=1e-14)
    assert np.allclose(basis[:, :rank] @ triangle[:rank], matrix, rtol=0, atol=1e-14 * np.linalg.norm(matrix, axis=0))
    assert np.array_equal(triangle, np.triu(triangle))


@pytest.mark.parametrize("beta", [0, 1, 0.5])
def test_biases_of_a_whole_size_are_doubles_too_so_that_nothing_is_compiled_again(beta):
    assert isinstance(one_pass._space(np.eye(2), (4, 4), beta).beta, float)
