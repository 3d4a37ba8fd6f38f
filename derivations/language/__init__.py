"""A small language for activations: text such as `max(x, 0) + 0.1*min(x, 0)`, read into a SymPy expression in x.

    sum      =  product { ("+" | "-") product }
    product  =  sign { ("*" | "/") sign }
    sign     =  { "+" | "-" } power
    power    =  atom [ ("^" | "**") sign ]              -x^2 is -(x^2), and 2^3^2 is 2^(3^2)
    atom     =  number | "x" | "pi" | "e" | name "(" sum { "," sum } ")" | "(" sum ")"
    number   =  digits [ "." digits ] [ ("e" | "E") [ "+" | "-" ] digits ]

Numbers are exact: 0.1 is 1/10. Multiplication is always written: 2*x, not 2x. There is one variable, x.
The functions are those of `derivations.language.functions`; what has a kink or a jump becomes `relu`, `step`, `Abs`
or `sign` at some argument. Text is only ever parsed, never evaluated, and its length, depth and size are limited.
"""

from derivations.language.functions import FUNCTIONS, x
from derivations.language.parser import parse
from derivations.language.tokens import ExpressionError

__all__ = ["FUNCTIONS", "ExpressionError", "parse", "x"]
