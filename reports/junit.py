"""JUnit XML: one test case for every claim, and one for every mutant put to a route."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from reports import prose, wording
from verify.result import ClaimResult, MutantResult, Results
from verify.verdict import Verdict

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_junit(results: Results, path: Path) -> None:
    """Write the results for a CI server.

    A claim that is not as expected and a mutant that survives are failures, or errors where a route failed to run. A
    claim that cannot be tested, or is waived, is skipped, and so is every mutant that survives in a waived claim.
    """
    suites = ET.Element("testsuites", name="ntk-verify")
    for document, title in wording.documents(results.claims).items():
        claims = [claim for claim in results.claims if claim.document == document]
        suites.append(_suite(document, title, claims, results))
    ET.indent(suites)
    text = ET.tostring(suites, encoding="unicode", xml_declaration=False)
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', encoding="utf-8", newline="\n")


def _suite(document: str, title: str, claims: list[ClaimResult], results: Results) -> ET.Element:
    cases = [case for claim in claims for case in (_claim(claim), *(_mutant(claim, m) for m in claim.mutants))]
    suite = ET.Element(
        "testsuite",
        name=document,
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped=str(sum(case.find("skipped") is not None for case in cases)),
        time=f"{sum(float(case.get('time', 0)) for case in cases):.3f}",
        timestamp=results.run.started,
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (("title", title), ("seed", results.run.seed), ("profile", results.run.profile)):
        ET.SubElement(properties, "property", name=name, value=str(value))
    suite.extend(cases)
    return suite


def _claim(claim: ClaimResult) -> ET.Element:
    seconds = sum(route.seconds for route in claim.routes)
    case = ET.Element("testcase", classname=claim.document, name=claim.id, time=f"{seconds:.3f}")
    reason = prose.plain(wording.verdict_sentence(claim))
    if not claim.ok and claim.waiver:
        ET.SubElement(case, "skipped", message=_clean(f"waived: {prose.plain(claim.waiver)}"))
    elif not claim.ok:
        complaint = wording.complaint(claim)
        kind = "error" if claim.verdict is Verdict.ERROR else "failure"
        problem = ET.SubElement(case, kind, message=_clean(complaint), type=claim.verdict.value)
        problem.text = _clean("\n".join((complaint, reason, f"Reproduce: {claim.reproduce}")))
    elif claim.verdict is Verdict.UNTESTABLE:
        ET.SubElement(case, "skipped", message=_clean(reason))
    output = ET.SubElement(case, "system-out")
    output.text = _clean(f"{claim.verdict.value}: {prose.plain(claim.title)}\n{claim.statement.text}\n{reason}")
    return case


def _mutant(claim: ClaimResult, mutant: MutantResult) -> ET.Element:
    name = f"{claim.id} [{mutant.form}] mutant: {prose.plain(mutant.name)} ({prose.plain(mutant.route)})"
    case = ET.Element("testcase", classname=claim.document, name=_clean(name), time="0.000")
    reason = prose.plain(mutant.reason)
    if not mutant.refuted and claim.waiver:
        ET.SubElement(case, "skipped", message=_clean(f"waived: {prose.plain(claim.waiver)}"))
    elif not mutant.refuted:
        kind = "error" if mutant.verdict is Verdict.ERROR else "failure"
        message = f"not refuted: {mutant.verdict.value}"
        problem = ET.SubElement(case, kind, message=message, type=mutant.verdict.value)
        why = f"Why it is false: {prose.plain(mutant.why_false)}"
        problem.text = _clean("\n".join((message, why, reason, f"Reproduce: {mutant.reproduce}")))
    ET.SubElement(case, "system-out").text = _clean(f"{mutant.statement.text}\n{reason}")
    return case


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
