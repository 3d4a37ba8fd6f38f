"""What is measured beside the claims: the page on the (L+1)ε theorem."""

import pytest

from verify.appendices import bound_story
from verify.appendices.initialisation_bound import initialisation_bound
from verify.experiment import Profile
from verify.experiments.initialisation_bound import DEMANDED, DEMANDED_DIAGONAL, NEEDED, demanded


@pytest.fixture(scope="module")
def page():
    return initialisation_bound(0)


def test_every_depth_and_tolerance_has_a_row(page):
    assert [row[:2] for row in page.table.rows] == [(str(L), e) for L in (1, 2, 3) for e in ("0.1", "0.2", "0.3")]


def test_the_widths_asked_for_are_those_of_the_claim(page):
    widths = [int(row[2].replace(",", "")) for row in page.table.rows]
    assert widths == [demanded(L, e) for L in (1, 2, 3) for e in (0.1, 0.2, 0.3)]
    assert widths[-3] == 29_847_772


def test_the_error_uses_less_and_less_of_the_tolerance(page):
    looseness = [float(row[4]) for row in page.table.rows]
    assert all(value < 1 for value in looseness)
    assert looseness[0] == pytest.approx(0.196, abs=0.006)
    assert looseness[-3] == pytest.approx(0.0114, abs=0.001)


def test_with_one_hidden_layer_the_width_needed_is_exact(page):
    assert [row[5] for row in page.table.rows[:3]] == ["1,152 (exact)", "288 (exact)", "127 (exact)"]


def test_the_same_seed_gives_the_same_page(page):
    bound_story.measured.cache_clear()
    assert initialisation_bound(0) == page


def test_the_widest_networks_are_drawn_in_full_alone_at_two_inputs():
    widest = demanded(3, 0.1)
    assert all(cell["m"] < widest for cell in DEMANDED.cells[Profile.QUICK])
    for experiment, profile in ((DEMANDED, Profile.FULL), (DEMANDED_DIAGONAL, Profile.QUICK)):
        assert widest in {cell["m"] for cell in experiment.cells[profile]}


@pytest.mark.parametrize("experiment", [DEMANDED, DEMANDED_DIAGONAL, NEEDED], ids=lambda e: e.id)
def test_no_cell_is_named_twice(experiment):
    for cells in experiment.cells.values():
        assert len({tuple(sorted(cell.items())) for cell in cells}) == len(cells)
