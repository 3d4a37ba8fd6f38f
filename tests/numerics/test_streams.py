"""Random streams depend on the seed, the experiment and its parameters, and on nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.streams import batches, standard_normals, stream

CELL = {"m": 64, "rho": 0.5, "draws": 3}


def first(*arguments):
    return stream(*arguments).integers(2**63, size=4).tolist()


def test_the_same_arguments_give_the_same_numbers():
    assert first(7, "widths", CELL) == first(7, "widths", CELL)


def test_the_order_of_the_parameters_does_not_matter():
    assert first(7, "widths", CELL) == first(7, "widths", dict(reversed(CELL.items())))


def test_what_was_drawn_from_other_streams_does_not_matter():
    alone = first(7, "widths", CELL)
    first(7, "widths", CELL | {"m": 128})
    assert first(7, "widths", CELL) == alone


@pytest.mark.parametrize(
    "other", [(8, "widths", CELL), (7, "depths", CELL), (7, "widths", CELL | {"m": 65}), (7, "widths", {"m": 64})]
)
def test_any_change_gives_another_stream(other):
    assert first(*other) != first(7, "widths", CELL)


def test_the_numbers_of_a_stream_are_fixed_for_good():
    # sha256sum of {"experiment":"widths","parameters":{"m":64},"seed":7} begins with 28b583224f65dc93 d858629c045296c4.
    key = stream(7, "widths", {"m": 64}).bit_generator.state["state"]["key"]
    assert key.astype("<u8").tobytes().hex() == "28b583224f65dc93d858629c045296c4"


def test_parameters_that_json_cannot_hold_exactly_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        stream(7, "widths", {"rho": float("nan")})


@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 50))
def test_standard_normals_are_the_numbers_of_the_generator(seed, rows, columns):
    numbers = standard_normals(np.random.Generator(np.random.Philox(seed)), rows, columns)
    assert np.array_equal(numbers, np.random.Generator(np.random.Philox(seed)).standard_normal((rows, columns)))


@given(st.integers(0, 10**4), st.integers(1, 10**4), st.integers(1, 10**4))
def test_batches_add_up_and_respect_the_limit(draws, numbers, limit):
    sizes = list(batches(draws, numbers, limit=limit))
    assert sum(sizes) == draws
    assert all(size == 1 or size * numbers <= limit for size in sizes)
