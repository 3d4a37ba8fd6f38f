"""JUnit XML: one test case for each claim and one for each mutant put to a route, for the test views of CI systems."""

from pathlib import Path
from xml.etree import ElementTree as ET

from verify.result import ClaimResult, MutantResult, Results
from verify.verdict import Verdict


def render(results: Results) -> str:
    """The results as a JUnit XML document; a test case fails when its verdict is not the expected one."""
    suite = ET.Element("testsuite", name="ntk-verify", timestamp=results.run.started)
    for claim in results.claims:
        suite.append(_claim(claim))
        suite.extend(_mutant(claim, mutant) for mutant in claim.mutants)
    cases = list(suite)
    suite.set("tests", str(len(cases)))
    for kind in ("failure", "error", "skipped"):
        name = "skipped" if kind == "skipped" else f"{kind}s"
        suite.set(name, str(sum(case.find(kind) is not None for case in cases)))
    suite.set("time", f"{results.run.wall_seconds:.3f}")
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def write(results: Results, path: Path) -> None:
    """Write `render(results)` to a file."""
    path.write_text(render(results), encoding="utf-8")


def _claim(claim: ClaimResult) -> ET.Element:
    seconds = sum(route.seconds for route in claim.routes)
    case = ET.Element("testcase", classname=claim.document, name=claim.id, time=f"{seconds:.3f}")
    if claim.verdict is Verdict.UNTESTABLE and claim.ok:
        ET.SubElement(case, "skipped", message=claim.note or "cannot be tested here")
    elif not claim.ok:
        kind = "error" if claim.verdict is Verdict.ERROR else "failure"
        what = f"expected {claim.expected}, found {claim.verdict}"
        if claim.verdict is claim.expected:
            what = "the verdict is the expected one, but a corrected form is not upheld or a mutant survived"
        ET.SubElement(case, kind, message=what).text = f"Reproduce: {claim.reproduce}"
    reasons = [f"{route.form}, {route.name}: {route.verdict}. {route.evidence.reason}" for route in claim.routes]
    ET.SubElement(case, "system-out").text = "\n".join([claim.statement.text, *reasons])
    return case


def _mutant(claim: ClaimResult, mutant: MutantResult) -> ET.Element:
    name = f"{claim.id} [{mutant.form}] mutant: {mutant.name} ({mutant.route})"
    case = ET.Element("testcase", classname=f"{claim.document}.mutants", name=name, time="0.000")
    if not mutant.refuted:
        failure = ET.SubElement(case, "failure", message=f"the mutant survived: {mutant.verdict}. {mutant.reason}")
        failure.text = f"Reproduce: {mutant.reproduce}"
    return case
