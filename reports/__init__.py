"""Reports: results in; HTML, PDF, JUnit XML and a Markdown summary out. Nothing is computed here."""

from reports.html import write_html




__all__ = ["write_html"]
