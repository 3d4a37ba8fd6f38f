"""One draw of the empirical NTK of a random ReLU network at n inputs, against drawing its weights; and width alone."""

from collections.abc import Callable, Mapping

from benchmarks.race import OURS, FailedError, Result, Work, contender, race
from benchmarks.tables import Row

METHODS = ("JACOBIAN_CONTRACTION", "NTK_VECTOR_PRODUCTS", "STRUCTURED_DERIVATIVES")
"""The implementations of neural-tangents."""
SETTINGS = (
    *({"depth": 2, "n": 8, "width": width} for width in (1024, 2048, 4096, 8192, 16384)),
    *({"depth": 3, "n": 2, "width": width} for width in (4096, 16384)),
)
WIDE = tuple(
    {"depth": 3, "n": n, "width": 2**power} for n, powers in ((2, (20, 23, 26)), (8, (20, 23, 26))) for power in powers
)
INPUTS = 16
"""The dimension of the inputs."""


def against_peers(pythons: Mapping[str, str], tell: Callable[[str], object]) -> list[Row]:
    """Time draws at growing widths. A contender leaves the race at the first width that takes it too long."""
    rows: list[Row] = []
    left: set[tuple[str, str, int]] = set()
    for setting in SETTINGS:
        for precision in ("float64", "float32"):
            works = _works(pythons, {**setting, "d": INPUTS, "precision": precision})
            works = {name: work for name, work in works.items() if (name, precision, setting["n"]) not in left}
            if not works:
                continue
            tell(f"{setting} {precision}")
            found = race(works, pythons)
            left |= {(name, precision, setting["n"]) for name, result in found.items() if isinstance(result, str)}
            rows += [_row(name, works[name], result) for name, result in found.items()]
    return rows


def _works(pythons: Mapping[str, str], setting: Work) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for name in pythons:
        if name == OURS and setting["precision"] == "float64":
            works[name] = {"work": "draw", **setting, "draws": 8}
        elif name == "neural-tangents":
            works[name] = {"work": "draw", **setting, "method": _fastest(pythons[name], setting)}
        elif name != OURS:
            works[name] = {"work": "draw", **setting}
    return works


def _fastest(python: str, setting: Work) -> str:
    """The implementation that takes the least time for one draw, each in a process of its own."""
    seconds = {}
    for method in METHODS:
        try:
            with contender("neural-tangents", python) as process:
                seconds[method] = process.ask({"work": "draw", **setting, "method": method}, 1)["seconds"][0]
        except FailedError:
            continue
    return min(seconds, key=seconds.__getitem__) if seconds else METHODS[0]


def alone(pythons: Mapping[str, str], tell: Callable[[str], object]) -> list[Row]:
    """Time the exact sampler at widths no weights fit into memory for, on two threads."""
    rows = []
    for setting in WIDE:
        tell(f"{setting}")
        work: Work = {"work": "draw", **setting, "d": INPUTS, "precision": "float64"}
        rows.append(_row(OURS, work, race({OURS: work}, pythons)[OURS]))
    return rows


def _row(name: str, work: Work, result: Result | str) -> Row:
    draws = int(work.get("draws", 1))
    setting = {key: work[key] for key in ("depth", "n", "width", "precision")}
    method = f" ({str(work['method']).lower().replace('_', ' ')})" if "method" in work else ""
    if isinstance(result, str):
        return Row(contender=name + method, setting=setting, seconds=None, peak_bytes=None, remark=result)
    return Row(
        contender=name + method,
        setting=setting,
        seconds=result.seconds / draws,
        peak_bytes=result.peak_bytes,
        remark="",
    )
