"""Rows of a benchmark, and how they are shown: a table in the terminal, JSON, and a figure."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import matplotlib as mpl
from joblib import cpu_count
from rich.console import Console
from rich.table import Table

mpl.use("svg")
from matplotlib import pyplot as plt

_UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one contender came to in one setting."""

    contender: str
    setting: Mapping[str, str | int]
    seconds: float | None
    """The median time of one unit of work; None if it did not finish."""
    peak_bytes: int | None
    remark: str
    """Why it did not finish, or what else is to be said."""


def show(title: str, rows: Sequence[Row], ours: str, console: Console) -> None:
    """Print the rows, with each time as a multiple of ours in the same setting."""
    table = Table(title=title)
    for name in (*rows[0].setting, "contender", "time", "peak memory", f"× {ours}", ""):
        table.add_column(name, justify="right" if name in {"time", "peak memory", f"× {ours}"} else "left")
    for row in rows:
        base = reference(rows, row, ours)
        ratio = f"{row.seconds / base:,.1f}" if row.seconds and base and row.contender != ours else ""
        memory = f"{row.peak_bytes / 2**20:,.0f} MiB" if row.peak_bytes else "–"
        cells = (*map(str, row.setting.values()), row.contender, duration(row.seconds), memory, ratio, row.remark)
        table.add_row(*cells)
    console.print(table)


def reference(rows: Sequence[Row], row: Row, ours: str) -> float | None:
    """Our time in the setting of a row; the precision may differ where we have one only."""
    same = [other for other in rows if other.contender == ours and other.seconds]
    exact = [other.seconds for other in same if other.setting == row.setting]
    loose = [other.seconds for other in same if _without_precision(other) == _without_precision(row)]
    return (exact or loose or [None])[0]


def _without_precision(row: Row) -> dict[str, str | int]:
    return {name: value for name, value in row.setting.items() if name != "precision"}


def duration(seconds: float | None) -> str:
    """A time for the reader.

    >>> duration(0.00312), duration(4.2e-9), duration(None)
    ('3.12 ms', '4.20 ns', '–')
    """
    if seconds is None:
        return "–"
    unit, size = next((unit for unit in _UNITS if seconds >= unit[1]), _UNITS[-1])
    return f"{seconds / size:.3g} {unit}" if seconds / size >= 100 else f"{seconds / size:.2f} {unit}"


def write(name: str, rows: Sequence[Row], along: str, folder: Path) -> None:
    """Write the rows as JSON, with the machine and the versions, and a figure of time against `along`."""
    folder.mkdir(parents=True, exist_ok=True)
    packages = ("numpy", "numba", "scipy")
    about = {
        "platform": platform.platform(),
        "cores": cpu_count(),
        "versions": {"python": platform.python_version(), **{package: version(package) for package in packages}},
    }
    text = json.dumps({**about, "rows": [asdict(row) for row in rows]}, indent=1)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        rest = ", ".join(f"{key} {value}" for key, value in row.setting.items() if key != along)
        if row.seconds and along in row.setting:
            lines.setdefault(f"{row.contender}, {rest}", []).append((float(row.setting[along]), row.seconds))
    figure, axes = plt.subplots(figsize=(9, 5), layout="constrained")
    for label, points in lines.items():
        axes.loglog(*zip(*sorted(points), strict=True), marker="o", markersize=4, label=label)
    axes.set(xlabel=along, ylabel="seconds")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right upper", fontsize=7)
    figure.savefig(folder / f"{name}.svg")
    plt.close(figure)
