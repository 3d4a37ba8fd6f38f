"""Formulas in print: SymPy expressions and statements as Typst, LaTeX and plain text."""

from verify.typeset.arithmetic import UnprintableError
from verify.typeset.statements import domain_formula, formula, statement_formula, variant_formula, where_formulas

__all__ = ["UnprintableError", "domain_formula", "formula", "statement_formula", "variant_formula", "where_formulas"]
