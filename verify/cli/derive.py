"""`ntk-verify derive`: the duals and kernels of an activation of one's own, in closed form or as certified numbers."""

import hashlib
import json as jsonlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from verify.cli.console import print_table, stderr, stdout
from verify.cli.options import Json, at_least
from verify.dual_result import DualResult, digits_of
from verify.errors import InputError
from verify.evidence import Formula
from verify.files import atomic

RESULT, PROOF, PLOT, PAGE = "dual.json", "proof.json", "plot.svg", "report.html"
GRAMMAR = (
    "One variable, x, and exact numbers: 0.1 is 1/10, 1e-3 is 1/1000; constants pi and e.",
    "+ − * / ^ (or **) and round brackets. Multiplication is always written: 2*x, not 2x.",
    "-x^2 is -(x^2), and 2^3^2 is 2^(3^2).",
    "Kinks: max(a, b, …), min(a, b, …), abs, sign, step, relu, leaky_relu(x, s), elu(x, a), selu, clip(x, low, high),",
    "relu6, softsign.",
    "Smooth: exp, log, sqrt, sin, cos, sinh, cosh, tanh, atan, erf, Phi (normal distribution function), phi (density),",
    "gelu, sigmoid, softplus, silu (or swish), mish, gaussian (exp(−x²)), hermite(n, x).",
)
"""What formulas may hold, for the help: it must not wait for SymPy, so a test compares it with the language."""
_MOST_DIGITS, _DEEPEST = 40, 100
_SHOWN = 16
"""The most digits of a number in the terminal; the files have all."""
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def derive(
    expression: Annotated[
        str, typer.Argument(metavar="TEXT", help="The activation, a formula in x such as 'max(x,0) + 0.1*min(x,0)'.")
    ],
    *,
    depth: Annotated[
        int,
        typer.Option(parser=at_least("depth", 1), metavar="L", help="Hidden layers of the network in the table."),
    ] = 3,
    digits: Annotated[
        int, typer.Option(parser=at_least("digits", 5), metavar="NUMBER", help="Certified digits, at most 40.")
    ] = 20,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder to write to; by default out/derive/NAME.")
    ] = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print the formulas in LaTeX, and nothing else.")] = False,
    json: Json = False,
) -> None:
    """Derive the dual activations, the NNGP and the NTK of an activation of your own.

    In closed form with a proof where one is known, else as certified numbers. Writes dual.json, plot.svg, report.html
    and, with a closed form, proof.json.
    """
    if depth > _DEEPEST or digits > _MOST_DIGITS:
        raise InputError(f"--depth is at most {_DEEPEST}, and --digits at most {_MOST_DIGITS}.")
    # SymPy and NumPy take seconds that help and bad usage need not wait for.
    from derivations.language import ExpressionError, parse  # noqa: PLC0415
    from verify import activation  # noqa: PLC0415

    try:
        canonical = str(parse(expression))
    except ExpressionError as error:
        raise InputError(str(error)) from None
    folder = out or Path("out") / "derive" / slug(expression)
    _claim(folder, canonical)
    with stderr().status("reading the formula") as status:
        result, proof = activation.study(expression, depth=depth, digits=digits, say=status.update)
        status.update("writing the files")
        written = _write(result, proof, folder)
    if latex:
        typer.echo("\n".join(formula.latex for formula in _formulas(result)))
    elif json:
        typer.echo(result.model_dump_json(indent=1))
    else:
        print_dual(result, stdout())
        stdout().print(f"\nWritten to {folder}: {', '.join(written)}", soft_wrap=True)


def slug(expression: str) -> str:
    """A name for a folder: the letters and digits of a formula, and a few that tell it from others alike.

    >>> slug("max(x, 0) + 0.1*min(x, 0)")
    'max-x-0-0-1-min-x-0-e98a53'
    """
    plain = "".join(expression.split())
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-") or "formula"
    return f"{words}-{hashlib.sha256(plain.encode()).hexdigest()[:6]}"


def _claim(folder: Path, canonical: str) -> None:
    """Make the folder ours. Raises InputError, having written nothing, if it holds anything but this expression's."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            return
    except OSError as error:
        raise InputError(f"The output folder {folder} cannot be used: {error.strerror}.") from error
    held = None
    with suppress(OSError, ValueError):
        held = jsonlib.loads((folder / RESULT).read_text(encoding="utf-8"))
    if not isinstance(held, dict) or held.get("format") != "ntk-verify dual":
        raise InputError(
            f"The folder {folder} is not empty and holds no results of ntk-verify derive; nothing was written. "
            "Choose another with --out DIR."
        )
    if held.get("canonical") != canonical:
        raise InputError(
            f"The folder {folder} holds another activation, {held.get('expression')!r}; nothing was written. "
            "Choose another with --out DIR."
        )


def _write(result: DualResult, proof: str, folder: Path) -> list[str]:
    from reports import write_dual_page, write_dual_plot  # noqa: PLC0415 - matplotlib and Typst take a second

    with atomic(folder / RESULT) as temporary:
        temporary.write_text(result.model_dump_json(indent=1) + "\n", encoding="utf-8")
    if proof:
        with atomic(folder / PROOF) as temporary:
            temporary.write_text(proof, encoding="utf-8")
    else:
        (folder / PROOF).unlink(missing_ok=True)
    with atomic(folder / PLOT) as temporary:
        write_dual_plot(result, temporary)
    with atomic(folder / PAGE) as temporary:
        write_dual_page(result, temporary)
    return [RESULT, *([PROOF] if proof else []), PLOT, PAGE]


def _formulas(result: DualResult) -> Iterator[Formula]:
    yield from (result.activation, result.derivative)
    yield from (f for f in (result.covariance, result.derivative_covariance, result.normalisation) if f)
    yield from (*result.general, *result.recursion)


def print_dual(result: DualResult, console: Console) -> None:
    """Print what was found about an activation."""

    def section(title: str, *lines: str | Text) -> None:
        console.print(f"\n{title}", style="bold")
        for line in lines:
            console.print(Text("  ").append(line), soft_wrap=True)

    console.print(Text(result.activation.text, "bold cyan"), soft_wrap=True)
    console.print(Text(result.derivative.text, "cyan"), soft_wrap=True)
    section("Duals: κ(ρ) = E[σ(u)σ(v)] and κ̇(ρ) = E[σ′(u)σ′(v)], u, v ~ N(0, 1) with correlation ρ", *_duals(result))
    if result.general:
        needed = ", ".join(need.text for need in result.conditions)
        title = f"Any covariance: Var u = a, Var v = b, Cov(u, v) = c, where {needed}"
        section(title, *(formula.text for formula in result.general))
    section("Series in ρ", *_series(result))
    section("Normalisation and order or chaos", *_behaviour(result))
    section(
        "Deep network, unit inputs of correlation ρ: NNGP Σ and NTK Θ", *(formula.text for formula in result.recursion)
    )
    console.print(
        f"\nValues, with L = {result.depth} hidden layers (certified, to one unit in the last digit)", style="bold"
    )
    _print_rows(result, console)
    console.print(f"\n{result.seconds:.1f} s", style="dim")


def _duals(result: DualResult) -> Iterator[str | Text]:
    if result.closed_form and result.covariance:
        yield result.covariance.text
        yield result.derivative_covariance.text if result.derivative_covariance else Text(result.jump, "yellow")
        state = f"proved in {result.proof_steps} steps" if result.proved else "NOT proved"
        lemmas = f", resting on: {', '.join(result.lemmas)}" if result.lemmas else ""
        yield Text(f"{result.family}; {state}{lemmas}", "dim")
        yield (
            Text("Both agree with their definitions in the table below.", "dim")
            if _agree(result)
            else Text("They do NOT agree with their definitions: this is a bug.", "bold red")
        )
        if result.proof_file:
            yield Text(f"no proof file: {result.proof_file}", "dim")
        return
    yield Text(f"No closed form is known: {result.reason}.", "yellow")
    yield Text(f"So they are enclosed from the definition ({result.family}).", "dim")
    if result.jump:
        yield Text(result.jump, "yellow")


def _agree(result: DualResult) -> bool:
    return all(row.agrees for row in result.rows)


def _series(result: DualResult) -> Iterator[str]:
    parts = []
    for power, term in enumerate(result.series):
        value = term.formula.text if term.formula else digits_of(term.value, 8)
        if value not in ("0",) and not value.startswith("0 ±"):
            parts.append(f"{_power(power)}: {value}")
    yield "κ has the coefficients  " + ";  ".join(parts)
    rest = float(result.series_rest.mid) + float(result.series_rest.rad)
    if rest > 0:
        yield f"and the rest is at most {rest:.2g}·|ρ|{_superscript(len(result.series))} for every ρ"


def _power(power: int) -> str:
    return "1" if power == 0 else "ρ" if power == 1 else f"ρ{_superscript(power)}"


def _superscript(number: int) -> str:
    return "".join(_SUPERSCRIPTS[int(digit)] for digit in str(number))


def _behaviour(result: DualResult) -> Iterator[str]:
    value = digits_of(result.normalisation_value, _SHOWN)
    yield (
        f"{result.normalisation.text} = {value}"
        if result.normalisation and not _plain(result.normalisation.text, value)
        else f"c_σ = {value}"
    )
    slope = digits_of(result.slope, _SHOWN) if result.slope else "∞"
    yield f"slope at ρ = 1: χ = c_σ κ̇(1) = {slope}, {_PHASES[result.phase]}"
    if result.closed_form and not result.fixed_points and result.phase == "edge of chaos":
        yield "every correlation is a fixed point: σ is a multiple of x"
    for point in result.fixed_points:
        tangent = digits_of(point.slope, 8) if point.slope else "∞"
        yield f"fixed point ρ* = {digits_of(point.rho, _SHOWN)}, {point.kind}, slope {tangent}"


_PHASES = {
    "order": "order: a layer brings inputs together, and deep kernels become constant",
    "chaos": "chaos: a layer drives inputs apart, and deep kernels forget how close they were",
    "edge of chaos": "edge of chaos: inputs come together slower than exponentially",
    "undecided": "too close to 1 to tell order from chaos",
}


def _plain(formula: str, value: str) -> bool:
    return formula.removeprefix("c_σ = ") == value


def _print_rows(result: DualResult, console: Console) -> None:
    columns = ["  ρ", "κ(ρ)", "κ̇(ρ)", f"Σ_{result.depth}(ρ)", f"Θ_{result.depth}(ρ)", ""]
    rows: list[Sequence[Text]] = []
    for row in result.rows:
        numbers = (row.covariance, row.derivative, row.deep_covariance, row.deep_ntk)
        cells = [Text(digits_of(ball, _SHOWN) if ball else "–") for ball in numbers]
        rows.append(
            [
                Text(f"  {row.rho}"),
                *cells,
                Text("✗ not the definition", "bold red") if row.agrees is False else Text(""),
            ]
        )
    print_table(console, columns, rows)
