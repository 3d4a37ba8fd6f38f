"""The benchmarks: contenders take turns and say what they computed; one that fails is out, with the reason."""

import json

import numpy as np
import pytest

from benchmarks.contenders.serve import inputs, picked
from benchmarks.race import OURS, Result, interpreters, race
from benchmarks.tables import Row, duration, reference, write
from numerics.kernel_matrices import relu_ntk

SMALL = {"work": "gram", "n": 12, "d": 5, "depth": 2, "precision": "float64"}


def test_a_contender_computes_what_it_is_asked_for():
    found = race({OURS: SMALL}, interpreters([]), rounds=2)[OURS]
    i, j = picked(12)
    assert isinstance(found, Result)
    assert found.seconds > 0
    assert found.peak_bytes > 1e7
    assert found.value == relu_ntk(inputs(12, 5), depth=2)[i, j].tolist()


def test_the_exact_and_the_dense_sampler_race_and_a_failure_is_told():
    draw = {"work": "draw", "n": 2, "d": 3, "depth": 2, "width": 64, "precision": "float64"}
    found = race({OURS: {**draw, "precision": "float32"}, "NumPy": draw}, interpreters([]), rounds=2)
    assert found[OURS] == "ValueError: the sampler computes in float64"
    assert isinstance(found["NumPy"], Result)
    assert found["NumPy"].value > 0


@pytest.mark.parametrize(("peer", "message"), [("jax=x", "no peer; there are: "), ("torch=nowhere", "is no file")])
def test_interpreters_are_checked(peer, message):
    with pytest.raises(ValueError, match=message):
        interpreters([peer])


def row(contender: str, precision: str, seconds: float | None) -> Row:
    setting = {"n": 8, "precision": precision}
    return Row(contender=contender, setting=setting, seconds=seconds, peak_bytes=1, remark="")


def test_ratios_are_taken_in_the_same_setting_where_we_have_it():
    ours, peer = row(OURS, "float64", 2.0), row("torch", "float32", 6.0)
    assert reference([ours, row(OURS, "float32", 3.0), peer], peer, OURS) == 3.0
    assert reference([ours, peer], peer, OURS) == 2.0
    assert reference([peer], peer, OURS) is None


def test_numbers_and_a_figure_are_written(tmp_path):
    write("try", [row(OURS, "float64", 2.0), row("torch", "float64", None)], "n", tmp_path)
    assert json.loads((tmp_path / "try.json").read_text())["rows"][0]["seconds"] == 2.0
    assert "<svg" in (tmp_path / "try.svg").read_text()


def test_durations_read_well():
    assert [duration(seconds) for seconds in (None, 12.0, 0.25, 3e-6, 4.2e-9, 1e-11)] == [
        "–", "12.00 s", "250 ms", "3.00 µs", "4.20 ns", "0.01 ns",
    ]  # fmt: skip


def test_the_inputs_are_the_same_for_every_contender():
    assert np.allclose(np.linalg.norm(inputs(4, 3), axis=1), 1)
    assert np.array_equal(inputs(4, 3), inputs(4, 3))
