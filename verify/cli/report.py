"""`ntk-verify report`: the reports of a results file, again."""

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import stdout
from verify.cli.options import OUT, ResultsFile
from verify.files import RESULTS, atomic, claim_folder, read_results, write_results
from verify.result import Results


def report(
    *,
    html: Annotated[bool, typer.Option("--html", help="Write report.html.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write report.pdf.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open what was written.")] = False,
    results: ResultsFile = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The folder to write to; by default the results' own."),
    ] = None,
) -> None:
    """Write the HTML and the PDF report from a results file; without --html or --pdf, both."""
    source = results or (out or OUT) / RESULTS
    found = read_results(source)
    folder = out or source.parent
    if folder != source.parent:
        claim_folder(folder)
        write_results(found, folder / RESULTS)
    wanted = [name for name, asked in (("report.html", html), ("report.pdf", pdf)) if asked or not (html or pdf)]
    for path in write(found, folder, wanted):
        stdout().print(str(path), soft_wrap=True)
        if open_:
            webbrowser.open(path.resolve().as_uri())


def write(results: Results, folder: Path, names: list[str]) -> list[Path]:
    """Write the named reports into a folder, several at a time, and return their paths."""
    from joblib import Parallel, cpu_count, delayed  # noqa: PLC0415 - other commands need not wait for it

    Parallel(n_jobs=min(len(names), cpu_count()))(delayed(_write)(results, folder / name) for name in names)
    return [folder / name for name in names]


def _write(results: Results, path: Path) -> None:
    import reports  # noqa: PLC0415 - matplotlib and Typst take a second that other commands need not wait for

    writers = {
        "report.html": reports.write_html,
        "report.pdf": reports.write_pdf,
        "junit.xml": reports.write_junit,
        "summary.md": reports.write_summary,
    }
    with atomic(path) as temporary:
        writers[path.name](results, temporary)
