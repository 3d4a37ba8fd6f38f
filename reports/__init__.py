"""Reports: results in; HTML, PDF, JUnit XML and a Markdown summary out. Nothing is computed here."""

from reports.dual import write_dual_page, write_dual_plot
from reports.html import write_html
from reports.junit import write_junit
from reports.pdf import write_pdf
from reports.spectrum import write_spectrum_plot
from reports.summary import write_summary

__all__ = [
    "write_dual_page",
    "write_dual_plot",
    "write_html",
    "write_junit",
    "write_pdf",
    "write_spectrum_plot",
    "write_summary",
]
