"""Entries are counted layer by layer, for any widths, and a wrong count is not reached."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.counting import by_layers
from verify.ledger.layer_sizes import KW_PARAMETERS, L, N, h

PRINTED, CORRECTED = (form.statement for form in KW_PARAMETERS.forms)


def _over_layers(term: sp.Expr) -> sp.Sum:
    return sp.Sum(term, (h, 1, L))


def test_weights_and_biases_are_counted_for_any_number_of_layers() -> None:
    chain = by_layers(CORRECTED)
    assert chain.reaches, chain.obstacle
    assert by_layers(replace(CORRECTED, rhs=_over_layers(N[h - 1] * N[h]) + _over_layers(N[h]))).reaches


@pytest.mark.parametrize(
    "rhs",
    [
        PRINTED.rhs,
        CORRECTED.rhs + 1,
        CORRECTED.rhs * (1 + sp.Rational(1, 10**30)),
        _over_layers((N[h - 1] + 1) * N[h - 1]),
        sp.Sum((N[h - 1] + 1) * N[h], (h, 2, L)),
        sp.nan,
    ],
)
def test_a_wrong_count_is_not_reached(rhs: sp.Expr) -> None:
    assert not by_layers(replace(CORRECTED, rhs=rhs)).reaches


def test_sizes_without_a_set_are_an_obstacle() -> None:
    assert "says nothing about" in by_layers(replace(CORRECTED, domain=())).obstacle
