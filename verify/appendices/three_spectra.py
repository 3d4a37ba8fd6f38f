"""The spectra of one kernel on the cube, on the sphere and under the Gaussian, side by side."""

from flint import arb, fmpq

from numerics.spectra import gaussian, gaussian_bounds, spectrum
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind
from numerics.spectra.spectrum import Distribution, multiplicity
from verify.result import Appendix, Figure, Series, Table

_KERNEL = Kernel(
    dual=DUALS["relu"], depth=1, weight_variance=fmpq(2), bias_variance=fmpq(1), kind=Kind.CK
)  # as in the claim im-thm-eigdim-gauss
_DIMENSION, _DEGREES = 128, range(5)
_LARGER = (16, 32, 64, 128, 256, 512)
_NODES, _RADIAL = 8, 3
"""Radial nodes of the discretised operator, and the eigenvalues of each degree that are shown."""
_DIGITS = 8


def three_spectra() -> Appendix:
    """Every degree's eigenvalues under the three laws of the inputs, and how the tops of the degrees draw together."""
    on = {law: _eigenvalues(law, _DIMENSION) for law in Distribution}
    sectors = [gaussian.eigenvalues(_KERNEL, _DIMENSION, k, nodes=_NODES)[:_RADIAL] for k in _DEGREES]
    rows = []
    for k in _DEGREES:
        values = [f"{float(on[law][k]):.4g}" for law in Distribution]
        rows.append((str(k), *values, *(f"{value:.4g}" for value in sectors[k]), *_sizes(k)))
    return Appendix(
        id="three-spectra",
        title="The spectrum of one kernel under three laws of the inputs",
        text=f"The CK of one hidden layer of ReLUs, $sigma_w^2 = 2$, $sigma_b^2 = 1$, in dimension $d = {_DIMENSION}$. "
        "On the cube and the sphere a degree has one eigenvalue, certified. Under the Gaussian it has one for each "
        "function of the norm in a sequence, shown to three (floating point; the certified bounds of the claims "
        "hold the first of degrees 0 to 3 and the second of degree 0). The second of degree 0 comes before all of "
        "degree 2.",
        table=Table(
            columns=("degree", "cube", "sphere", "Gaussian", "second", "third", "dimension, cube", "sphere"),
            rows=tuple(rows),
        ),
        figures=(_side_by_side(on, [[float(v) for v in sector] for sector in sectors]), _together()),
    )


def _eigenvalues(law: Distribution, d: int) -> list[arb]:
    top = d if law is Distribution.CUBE else _DEGREES[-1]
    return list(spectrum.eigenvalues(_KERNEL, law, d, top, digits=_DIGITS)[: len(_DEGREES)])


def _sizes(k: int) -> tuple[str, str]:
    cube, sphere = (f"{multiplicity(law, _DIMENSION, k):,}" for law in Distribution)
    return cube, sphere


def _side_by_side(on: dict[Distribution, list[arb]], sectors: list[list[float]]) -> Figure:
    degrees = tuple(float(k) for k in _DEGREES)
    series = [
        Series(
            label=str(law), role="exact", draw="points", x=tuple(k + shift for k in degrees), y=tuple(map(float, mu))
        )
        for shift, (law, mu) in zip((-0.15, 0.0), on.items(), strict=True)
    ]
    for place, name in enumerate(("largest", "second", "third")):
        label = f"Gaussian, {name} of the degree"
        x, y = tuple(k + 0.15 for k in degrees), tuple(sector[place] for sector in sectors)
        series.append(Series(label=label, role="measured", draw="points", x=x, y=y))
    bounds = [gaussian_bounds.leading(_KERNEL, _DIMENSION, k) for k in range(gaussian_bounds.HIGHEST + 1)]
    bounds.append(gaussian_bounds.radial(_KERNEL, _DIMENSION)[1])
    series.append(
        Series(
            label="Gaussian, certified",
            role="bound",
            draw="points",
            x=(*(k + 0.3 for k in range(gaussian_bounds.HIGHEST + 1)), 0.3),
            y=tuple(float(value.mid()) for value in bounds),
            low=tuple(float(value.lower()) for value in bounds),
            high=tuple(float(value.upper()) for value in bounds),
        )
    )
    return Figure(
        title=f"Eigenvalues by degree in dimension {_DIMENSION}",
        caption="Marks of one degree stand side by side; where bounds are drawn, they are certified.",
        x_label="degree",
        y_label="eigenvalue",
        y_scale="log",
        series=tuple(series),
    )


def _together() -> Figure:
    series = []
    for k in _DEGREES[2:]:
        gaps = []
        for d in _LARGER:
            cube, sphere = (_eigenvalues(law, d)[k] for law in Distribution)
            gaps.append(float(1 - sphere / cube))
        x = tuple(map(float, _LARGER))
        series.append(Series(label=f"degree {k}", role="exact", draw="points", x=x, y=tuple(gaps)))
        line = tuple(k * (k - 1) / d for d in _LARGER)
        series.append(Series(label=f"k(k − 1)/d, k = {k}", role="claimed", draw="line", x=x, y=line))
    return Figure(
        title="How far the eigenvalue on the sphere falls short of that on the cube",
        caption="As a part of that on the cube; certified.",
        x_label="d",
        y_label="1 − sphere/cube",
        x_scale="log",
        y_scale="log",
        series=tuple(series),
    )
