"""The commands put together."""

import os
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer
from rich.markup import escape
from typer.core import TyperCommand, TyperGroup

from verify.cli.browse import list_claims, show
from verify.cli.check_proof import check_proof
from verify.cli.compare import compare
from verify.cli.derive import GRAMMAR, derive
from verify.cli.gallery import gallery
from verify.cli.report import report
from verify.cli.run import run
from verify.cli.schema import schema
from verify.cli.spectrum import spectrum
from verify.store import default_path

_EXAMPLES = """[bold]Examples[/bold]

  ntk-verify run                     every claim; reports in out/

  ntk-verify list --document im      the claims of one document

  ntk-verify show im-id-ntk-diag     one claim with its evidence

  ntk-verify run be-a-step --fresh   one claim, from scratch

  ntk-verify compare old.json out/results.json

  ntk-verify derive "x*Phi(x)"       the kernels of an activation of your own

[bold]Exit codes[/bold]

  0    every verdict as expected, every mutant refuted

  1    not so

  2    bad usage or input

  3    a bug in the suite

  130  interrupted
"""


class _Command(TyperCommand):
    """A command whose help leaves out that a flag is a truth value."""

    def get_params(self, ctx: typer.Context) -> list[Any]:  # type: ignore[override]
        return _bare_flags(super().get_params(ctx))


class _Group(TyperGroup):
    """As `_Command`, for the command that the others belong to."""

    def get_params(self, ctx: typer.Context) -> list[Any]:  # type: ignore[override]
        return _bare_flags(super().get_params(ctx))


def _bare_flags(params: Sequence[Any]) -> list[Any]:
    for param in params:
        if getattr(param, "is_flag", False):
            param.metavar = ""
    return list(params)


app = typer.Typer(
    name="ntk-verify",
    cls=_Group,
    help="Puts claims about neural tangent kernels to the test: proved, certified, supported or refuted.",
    epilog=_EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        try:
            typer.echo(version("ntk-verify"))
        except PackageNotFoundError:
            typer.echo("not installed")
        raise typer.Exit


@app.callback()
def _options(
    ledger: Annotated[
        str | None,
        typer.Option(
            envvar="NTK_VERIFY_LEDGER",
            metavar="PACKAGE",
            help="The Python package of ledger files to use, instead of the ledger that comes with the suite.",
        ),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if ledger:
        # Workers are processes of their own: they learn the ledger from the environment.
        os.environ["NTK_VERIFY_LEDGER"] = ledger


def _where_evidence_is_kept() -> str:
    return f"\n\n[bold]Evidence is kept in[/bold]\n\n  {escape(str(default_path()))}"


def _examples(*lines: str) -> str:
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"  ntk-verify {line}" for line in lines)


def _language() -> str:
    """What the formulas of `derive` may hold; read from the language itself, but without loading SymPy."""
    return "\n\n[bold]Formulas[/bold]\n\n" + "\n\n".join(f"  {escape(line)}" for line in GRAMMAR)


app.command(
    "run",
    cls=_Command,
    epilog=_examples("run", "run im-id-ntk-diag be-a-step", "run --profile full --seed 7 --out full")
    + _where_evidence_is_kept(),
)(run)
app.command("list", cls=_Command, epilog=_examples("list --kind rate", "list --verdict REFUTED", "list --json"))(
    list_claims
)
app.command("show", cls=_Command, epilog=_examples("show im-id-ntk-diag", "show im-id-ntk-diag --latex"))(show)
app.command("report", cls=_Command, epilog=_examples("report --open", "report --pdf --results old.json --out old"))(
    report
)
app.command("compare", cls=_Command, epilog=_examples("compare old.json out/results.json"))(compare)
app.command(
    "derive",
    cls=_Command,
    epilog=_examples('derive "max(x,0) + 0.1*min(x,0)"', 'derive "tanh(x)" --digits 30', 'derive "sin(2*x)" --latex')
    + _language(),
)(derive)
app.command(
    "spectrum",
    cls=_Command,
    epilog=_examples(
        "spectrum --activation relu --depth 3 --domain cube:128 --weight-variance 2 --bias-variance 0.1",
        "spectrum --activation erf --kernel ntk --domain sphere:50 --plot erf.svg",
        'spectrum --activation "x*Phi(x)" --domain cube:24 --json',
    ),
)(spectrum)
app.command("gallery", cls=_Command, epilog=_examples("gallery", "gallery --json"))(gallery)
app.command(
    "check-proof",
    cls=_Command,
    epilog=_examples("check-proof out/proofs/*.json", "check-proof out/proofs/be-a-decay--printed--*.json --json"),
)(check_proof)
app.command("schema", cls=_Command, epilog=_examples("schema > results.schema.json"))(schema)
