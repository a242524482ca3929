"""The report as JUnit XML: one test case per criterion, for CI systems that draw tables from it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from ..verdict import Status
from .report import Report, Row


def render(report: Report) -> str:
    rows = report.criteria
    failures = sum(row.status is Status.FAIL for row in rows)
    errors = sum(row.status not in (Status.PASS, Status.FAIL) for row in rows)
    counts = {"tests": str(len(rows)), "failures": str(failures), "errors": str(errors), "time": f"{report.seconds:.3f}"}
    suite = ET.Element("testsuite", {"name": report.assignment, "timestamp": report.finished, **counts})
    for row in rows:
        case = ET.SubElement(suite, "testcase", {"classname": report.assignment, "name": f"{row.id}: {row.title}"})
        if row.status is not Status.PASS:
            tag = "failure" if row.status is Status.FAIL else "error"
            ET.SubElement(case, tag, {"message": f"{row.score:g} of {row.max_score:g}", "type": row.status.value}).text = words(row)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def words(row: Row) -> str:
    parts = [("expected", row.expected), ("observed", row.observed), ("hint", row.hint)]
    return "\n".join(f"{name}: {text}" for name, text in parts if text)
