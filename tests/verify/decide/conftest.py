"""Evidence to decide on: samples drawn from laws with median 1, or of a shape alone."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from verify.evidence import Cell, SampleEvidence

LAWS: tuple[Callable[[np.random.Generator, int], np.ndarray], ...] = (
    lambda rng, n: rng.exponential(size=n) / np.log(2),
    lambda rng, n: rng.lognormal(sigma=1.5, size=n),
    lambda rng, n: (1 + rng.pareto(1.5, size=n)) / 2 ** (1 / 1.5),
    lambda rng, n: np.abs(rng.standard_t(2, size=n)) / np.sqrt(2 / 3),
)
"""Positive laws with median 1: exponential, log-normal, Pareto of infinite variance, folded Student with 2 degrees."""


@pytest.fixture
def laws():
    return LAWS


@pytest.fixture
def shape():
    """Evidence of the shape that cells with these parameters will have; its values play no part."""

    def build(cells: Sequence[Mapping[str, float | int | str]]) -> SampleEvidence:
        return SampleEvidence(
            experiment="planned",
            cells=tuple(Cell(parameters=dict(c), columns={"x": (0.0,) * int(c["draws"])}) for c in cells),
        )

    return build


@pytest.fixture
def sampled():
    """Evidence with the column x at every width; not validated, as simulations make thousands."""

    def build(draw: Callable[[float, int], np.ndarray], widths: Sequence[int], draws: int, **more) -> SampleEvidence:
        cells = (
            Cell.model_construct(parameters={"m": m, "draws": draws, **more}, columns={"x": draw(m, draws)})
            for m in widths
        )
        return SampleEvidence.model_construct(experiment="simulated", cells=tuple(cells))

    return build
