"""`ntk-verify spectrum`: eigenvalues of the kernels of a wide network, with the variance at every degree."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from verify.cli.console import print_table, stderr, stdout
from verify.cli.options import Json, at_least, one_of
from verify.dual_result import digits_of
from verify.errors import InputError
from verify.files import atomic
from verify.spectrum_result import Eigenvalue, KernelSpectrum, SpectrumResult

_SHOWN = 12
"""The most digits of an eigenvalue in the terminal; --json has all."""
_FIRST, _SIZABLE = 9, 5e-5
"""Of many degrees the first few are shown, the last, and those with a sizable part of the variance."""
_BAR = 32
_EIGHTHS = " ▏▎▍▌▋▊▉"
_FORMATS = (".svg", ".png", ".pdf")
_TITLES = {"ck": "Conjugate kernel (CK, NNGP)", "ntk": "Tangent kernel (NTK)"}


def spectrum(
    *,
    activation: Annotated[
        str,
        typer.Option(
            "--activation", metavar="TEXT", help="relu, erf, gelu …, a name of the gallery, or a formula in x."
        ),
    ],
    depth: Annotated[
        int, typer.Option(parser=at_least("depth", 0), metavar="L", help="Hidden layers, at most 256.")
    ] = 3,
    domain: Annotated[
        str,
        typer.Option(metavar="NAME:D", help="The law of the inputs in dimension D: cube:D, sphere:D or gaussian:D."),
    ] = "cube:128",
    weight_variance: Annotated[
        str, typer.Option("--weight-variance", metavar="NUMBER", help="σ_w², taken exactly: 2, 0.1, 1/3.")
    ] = "2",
    bias_variance: Annotated[str, typer.Option("--bias-variance", metavar="NUMBER", help="σ_b², taken exactly.")] = "0",
    kernel: Annotated[str, typer.Option("--kernel", metavar="KIND", help="ck, ntk or both.")] = "both",
    degree: Annotated[
        int | None,
        typer.Option(
            "--degree",
            parser=at_least("degree", 0),
            metavar="K",
            help="The highest degree; by default all on the cube, 8 on the sphere, 2 for the Gaussian.",
        ),
    ] = None,
    digits: Annotated[
        int, typer.Option(parser=at_least("digits", 1), metavar="NUMBER", help="Certified digits, at most 40.")
    ] = 20,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the spectrum into a file: .svg, .png or .pdf.")
    ] = None,
    json: Json = False,
) -> None:
    """Compute the eigenvalues of the CK and the NTK of a wide network on inputs of a given law.

    With multiplicities and fractional variances; certified on the cube and on the sphere.
    """
    one_of("kernel", kernel, ["ck", "ntk", "both"])
    if plot is not None and plot.suffix.lower() not in _FORMATS:
        raise InputError(f"--plot writes files that end in {', '.join(_FORMATS)}, not {plot.name!r}.")
    if plot is not None and not plot.parent.is_dir():
        raise InputError(f"There is no folder {plot.parent} to draw into.")
    # SymPy and NumPy take seconds that help and bad usage need not wait for.
    from verify import spectrum as spectra  # noqa: PLC0415

    with stderr().status("computing the spectrum"):
        result = spectra.study(
            activation,
            depth=depth,
            domain=domain,
            weight_variance=weight_variance,
            bias_variance=bias_variance,
            kernel=kernel,
            degree=degree,
            digits=digits,
        )
    if plot is not None:
        from reports import write_spectrum_plot  # noqa: PLC0415 - matplotlib takes a second

        with atomic(plot) as temporary:
            write_spectrum_plot(result, temporary, plot.suffix.lower()[1:])
    if json:
        typer.echo(result.model_dump_json(indent=1))
        return
    print_spectrum(result, stdout())
    if plot is not None:
        stdout().print(f"\nWritten to {plot}", soft_wrap=True)


def print_spectrum(result: SpectrumResult, console: Console) -> None:
    """Print a table of every kernel, with bars for the fractional variances."""
    layers = "hidden layer" if result.depth == 1 else "hidden layers"
    console.print(
        Text(
            f"{result.canonical}, {result.depth} {layers}, σ_w² = {result.weight_variance}, "
            f"σ_b² = {result.bias_variance}, on {_place(result)}",
            "bold cyan",
        ),
        soft_wrap=True,
    )
    for found in result.spectra:
        console.print(f"\n{_TITLES[found.kernel]}, trace {digits_of(found.trace, _SHOWN)}", style="bold")
        _print_kernel(found, console)
    certain = "certified, to one unit in the last digit" if result.certified else "in floating point, not certified"
    console.print(f"\n{certain}; {result.seconds:.1f} s", style="dim")


def _place(result: SpectrumResult) -> str:
    d = result.dimension
    return {"cube": f"{{±1}}^{d}", "sphere": f"the sphere of radius √{d} in R^{d}", "gaussian": f"N(0, I) in R^{d}"}[
        result.distribution
    ]


def _print_kernel(found: KernelSpectrum, console: Console) -> None:
    radial = any(row.radial for row in found.eigenvalues)
    last = len(found.eigenvalues) - 1
    shown = [
        row
        for at, row in enumerate(found.eigenvalues)
        if at < _FIRST or at == last or row.approximate_fraction >= _SIZABLE
    ]
    largest = max(row.approximate_fraction for row in shown)
    limits = any(row.limit for row in shown)
    columns = [
        "  degree",
        *(["radial"] if radial else []),
        "multiplicity",
        "place",
        "eigenvalue",
        "of the variance",
        *(["L → ∞"] if limits else []),
        "",
    ]
    print_table(console, columns, [_cells(row, largest, radial=radial, limits=limits) for row in shown])
    if len(shown) < len(found.eigenvalues):
        console.print(f"  and {len(found.eigenvalues) - len(shown)} more, all in --json", style="dim")
    if found.missing > 0:
        console.print(f"  {found.missing:.4%} of the variance is not listed; --degree asks for more", style="dim")


def _cells(row: Eigenvalue, largest: float, *, radial: bool, limits: bool) -> list[Text]:
    value = digits_of(row.eigenvalue, _SHOWN) if row.eigenvalue else f"{row.approximate:.6g}"
    limit = []
    if limits and row.limit:
        above, _, below = row.limit.partition("/")
        limit = [Text(f"{int(above) / int(below or 1):.4%}")]
    size = f"{row.multiplicity:,}" if row.multiplicity < 10**9 else f"{row.multiplicity:.3e}"
    return [
        Text(f"  {row.degree}"),
        *([Text(str(row.radial + 1))] if radial else []),
        Text(size),
        Text(str(row.place + 1)),
        Text(value),
        Text(f"{row.approximate_fraction:.4%}"),
        *limit,
        Text(bar(row.approximate_fraction / largest if largest > 0 else 0.0), "cyan"),
    ]


def bar(part: float) -> str:
    """A bar of this part of the full length, in eighths of a column.

    >>> bar(1 / 64), bar(0.1)
    ('▌', '███▎')
    """
    whole, eighths = divmod(round(max(part, 0.0) * _BAR * 8), 8)
    return "█" * whole + _EIGHTHS[eighths].strip()
