"""`python -m benchmarks`: run the benchmarks named, print their tables, and write numbers and figures."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from benchmarks import gram, normals, sampler, spectra, training
from benchmarks.race import OURS, interpreters
from benchmarks.tables import Row, show, write

Benchmark = Callable[[Mapping[str, str], Callable[[str], object]], list[Row]]
BENCHMARKS: dict[str, tuple[str, str, str, Benchmark]] = {
    "sampler": ("One draw of the empirical NTK", OURS, "width", sampler.against_peers),
    "widths": ("One draw of the empirical NTK, two threads", OURS, "width", sampler.alone),
    "normals": ("One standard normal, one thread", "ntk-verify normals alone", "normals", normals.generators),
    "training": ("One gradient flow of a two-layer network", OURS, "width", training.flows),
    "gram": ("The kernel matrix Θ^(L)", OURS, "n", gram.against_peers),
    "spectra": ("All eigenvalues on the cube of dimension 128", OURS, "depth", spectra.accuracy),
    "spectra-dimensions": ("All eigenvalues on the cube, three layers", OURS, "d", spectra.dimensions),
    "spectra-depths": ("All eigenvalues on the cube of dimension 128, deep", OURS, "depth", spectra.depths),
}


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("benchmarks", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all without one")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON", help="the interpreter of a peer")
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"), help="where numbers and figures go")
    options = parser.parse_args()
    if unknown := set(options.benchmarks) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}")
    try:
        pythons = interpreters(options.peer)
    except ValueError as error:
        parser.error(str(error))
    console, told = Console(), Console(stderr=True)
    for name in options.benchmarks or BENCHMARKS:
        title, ours, along, benchmark = BENCHMARKS[name]
        with told.status(name) as status:
            rows = benchmark(pythons, status.update)
        show(title, rows, ours, console)
        write(name, rows, along, options.out)
    console.print(f"Written to {options.out}")


if __name__ == "__main__":
    main()
