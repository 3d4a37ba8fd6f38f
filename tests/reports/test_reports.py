"""Facts about all reports together: deterministic across processes, fast, independent of the rest of the suite."""

import ast
import os
import pkgutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import example

import reports
import verify
from verify.result import Results

ROOT = Path(__file__).parents[2]
SCHEMAS = {"verify.result", "verify.dual_result", "verify.spectrum_result", "verify.evidence", "verify.verdict"}
WRITE = """
import sys
sys.path[:0] = [{root!r}, {here!r}]
from pathlib import Path
import example, reports
results = example.results()
writers = (reports.write_html, reports.write_pdf, reports.write_junit, reports.write_summary)
for name, write in zip(("html", "pdf", "xml", "md"), writers):
    write(results, Path({out!r}) / f"report.{{name}}")
"""


def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        code = WRITE.format(root=str(ROOT), here=str(Path(__file__).parent), out=str(tmp_path / seed))
        subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"PYTHONHASHSEED": seed})
    for name in ("html", "pdf", "xml", "md"):
        first, second = ((tmp_path / seed / f"report.{name}").read_bytes() for seed in ("1", "2"))
        assert first == second, name


def test_thirty_claims_take_seconds(tmp_path: Path) -> None:
    makers = (example.proved, example.supported_limit, example.erratum, example.survived, example.rate)
    claims = tuple(make().model_copy(update={"id": f"{make().id}-{number}"}) for number in range(6) for make in makers)
    results = example.results(claims)
    start = time.perf_counter()
    reports.write_html(results, tmp_path / "report.html")
    reports.write_pdf(results, tmp_path / "report.pdf")
    assert time.perf_counter() - start < 10


def test_reports_import_only_the_models_of_the_results() -> None:
    allowed = {"verify", *SCHEMAS}
    for path in (ROOT / "reports").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in (
                "verify",
                "derivations",
                "numerics",
            ):
                names = (
                    {f"{node.module}.{alias.name}" for alias in node.names}
                    if node.module == "verify"
                    else {node.module}
                )
                assert names <= allowed, path.name


def test_the_contract_of_the_reports_forbids_all_but_these_models() -> None:
    modules = {f"verify.{module.name}" for module in pkgutil.iter_modules(verify.__path__)}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (forbidden,) = (each["forbidden_modules"] for each in contracts if each["source_modules"] == ["reports"])
    assert set(forbidden) == {"derivations", "numerics"} | modules - SCHEMAS


def test_results_survive_json_and_give_the_same_reports(results: Results, tmp_path: Path) -> None:
    again = Results.model_validate_json(results.model_dump_json())
    reports.write_junit(results, tmp_path / "a.xml")
    reports.write_junit(again, tmp_path / "b.xml")
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()
