"""Brackets: order statistics of what was measured, or the widest a design foresees."""

import numpy as np
import pytest
import sympy as sp
from scipy.stats import norm

from verify.decide.design import Centred, Distance, Scaling
from verify.decide.intervals import foreseen_ranks, order_statistics
from verify.decide.quantiles import foreseen, observed
from verify.decide.samples import Sample, point
from verify.evidence import Cell

m = sp.Symbol("m", positive=True)
x = sp.Symbol("x", real=True)
RHO = sp.Symbol("rho")
SAMPLE = Sample(
    {"m": 64, "rho": 0.5},
    (Cell(parameters={}, columns={"x": tuple(np.random.default_rng(0).permutation(100).astype(float))}),),
)
DRAWS = {point(SAMPLE.parameters): 100}


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_an_observed_bracket_is_a_pair_of_order_statistics(probability):
    first, last = order_statistics(100, probability, 0.01)
    found = observed(2 * x + 1, m, 0.01)(SAMPLE, probability)
    assert (found.width, found.low, found.high) == (64, 2 * (first - 1) + 1, 2 * (last - 1) + 1)
    assert found.low < found.estimate < found.high


@pytest.mark.parametrize(
    ("design", "quantile"),
    [
        (Scaling(exponent=-0.5, shape="half-normal"), lambda u: norm.ppf((1 + u) / 2) / 8),
        (Scaling(exponent=1, shape="log-normal", log_sd=0.3), lambda u: 64 * np.exp(0.3 * norm.ppf(u))),
        (Centred(centre=RHO, bias=3.0, scale=2.0), lambda u: 0.5 + 3 / 64 + 2 / 8 * norm.ppf(u)),
    ],
)
def test_a_foreseen_bracket_spans_the_quantiles_between_which_the_order_statistics_fall(design, quantile):
    u, v = foreseen_ranks(100, 0.5, 0.01, 0.001)
    found = foreseen(design, m, DRAWS, alpha=0.01, miss=0.001)(SAMPLE, 0.5)
    assert (found.low, found.estimate, found.high) == pytest.approx((quantile(u), quantile(0.5), quantile(v)))


def test_a_lean_moves_every_local_exponent_to_the_end_of_its_drift():
    design = Scaling(exponent=-0.5, shape="half-normal", drift=0.1)
    down, up = (foreseen(design, m, DRAWS, alpha=0.01, miss=0.001, lean=lean)(SAMPLE, 0.5) for lean in (-1, 1))
    assert up.estimate / down.estimate == pytest.approx(64**0.2)


def test_a_design_without_quantiles_is_an_error():
    with pytest.raises(TypeError, match="a Distance design says nothing about quantiles"):
        foreseen(Distance(), m, DRAWS, alpha=0.01, miss=0.001)(SAMPLE, 0.5)
