"""Kernel regression of polynomials on the Boolean cube with the kernels of many wide networks."""

from numerics.spectra import learning
from verify.experiment import Experiment, Parameters, Profile
from verify.quantities import quantity

rank_correlation = quantity(
    "rank_correlation",
    typst="r_k",
    latex="r_k",
    text="r_k",
    meaning="Spearman's rank correlation, over the kernels, of the test error on a polynomial of degree k with the "
    "fractional variance of degree k",
)
other_rank_correlation = quantity(
    "other_rank_correlation",
    typst="r'_k",
    latex="r'_k",
    text="r′_k",
    meaning="the same with the fractional variance of another degree",
)


def _cells(samples: tuple[int, ...], draws: int) -> tuple[Parameters, ...]:
    """The other degree is k + 2 for k = 1 and 2, and k - 2 for 3 and 4."""
    return tuple(
        {"d": 8, "k": k, "other": other, "m": m, "draws": draws}
        for m in samples
        for k, other in ((1, 3), (2, 4), (3, 1), (4, 2))
    )


CUBE_POLYNOMIALS = Experiment(
    id="cube-polynomials",
    title="Kernel regression of polynomials of one degree on the cube of dimension 8, with 32 kernels of wide networks",
    yields="samples",
    measure=learning.rank_correlations,
    cells={Profile.QUICK: _cells((32,), 400), Profile.FULL: _cells((32, 64), 600)},
)
