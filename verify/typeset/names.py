"""How symbols and functions are called in print: registered notations first, then the conventions of the field."""

import re
from functools import cache

from verify.quantities import NOTATION, Notation

_GREEK_NAMES = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
    *("nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
GREEK = {
    name: chr(code)
    for name, code in zip(
        _GREEK_NAMES,
        [*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA)],
        strict=True,
    )
}
"""Lower-case Greek letters by name; the upper-case ones follow from them."""
_AS_LATIN = ("Alpha", "Beta", "Epsilon", "Zeta", "Iota", "Kappa", "Mu", "Omicron", "Tau")
_LATIN = {"Eta": "H", "Rho": "P", "Chi": "X", "Nu": "N"} | {name: name[0] for name in _AS_LATIN}
_SPECIAL = {
    "ell": Notation("ell", r"\ell", "ℓ"),
    "infty": Notation("infinity", r"\infty", "∞"),
    "partial": Notation("partial", r"\partial", "∂"),
}
_ACCENTS = {  # name: Typst, LaTeX, combining character
    "bar": ("macron", r"\bar", "\u0304"),
    "hat": ("hat", r"\hat", "\u0302"),
    "tilde": ("tilde", r"\tilde", "\u0303"),
    "dot": ("dot", r"\dot", "\u0307"),
    "ddot": ("dot.double", r"\ddot", "\u0308"),
}
_MARKS = {
    "prime": Notation("prime", r"\prime", "′"),
    "star": Notation("*", "*", "*"),
    "plus": Notation("+", "+", "⁺"),
    "dagger": Notation("dagger", r"\dagger", "†"),
}
_SUB = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_SUP = dict(zip("0123456789+-−ni⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿⁱᵀ", strict=True))

_FUNCTIONS = {  # SymPy's class name: Typst, LaTeX, text
    "acos": ("arccos", r"\arccos", "arccos"),
    "asin": ("arcsin", r"\arcsin", "arcsin"),
    "atan": ("arctan", r"\arctan", "arctan"),
    "acosh": ('op("arcosh")', r"\operatorname{arcosh}", "arcosh"),
    "asinh": ('op("arsinh")', r"\operatorname{arsinh}", "arsinh"),
    "atanh": ('op("artanh")', r"\operatorname{artanh}", "artanh"),
    **{
        name: (name, rf"\{name}", name)
        for name in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "log")
    },
    **{
        name: (f'op("{name}")', rf"\operatorname{{{name}}}", name)
        for name in ("erf", "erfc", "erfi", "erfinv", "erfcinv")
    },
    "sign": ('op("sgn")', r"\operatorname{sgn}", "sgn"),
    "Max": ("max", r"\max", "max"),
    "Min": ("min", r"\min", "min"),
    "gamma": ("Gamma", r"\Gamma", "Γ"),
    "lowergamma": ("gamma", r"\gamma", "γ"),
    "uppergamma": ("Gamma", r"\Gamma", "Γ"),
    "loggamma": ("log Gamma", r"\log\Gamma", "log Γ"),
    "digamma": ("psi", r"\psi", "ψ"),
    "beta": ("upright(B)", r"\operatorname{B}", "B"),
    "zeta": ("zeta", r"\zeta", "ζ"),
    "relu": ('op("ReLU")', r"\operatorname{ReLU}", "ReLU"),
    "step": ('op("ReLU")\'', r"\operatorname{ReLU}'", "ReLU′"),
    "normal_cdf": ("Phi", r"\Phi", "Φ"),
    "normal_pdf": ("phi", r"\varphi", "φ"),
    "Heaviside": ("upright(H)", r"\operatorname{H}", "H"),
    "DiracDelta": ("delta", r"\delta", "δ"),
}
FUNCTIONS = {name: Notation(*prints) for name, prints in _FUNCTIONS.items()}
"""Named functions that are printed as `name(arguments)`."""


@cache
def convention(name: str) -> Notation:
    r"""Typeset a name by convention: Greek letters, digits and `_` parts as subscripts, `__` parts as superscripts.

    The parts `bar`, `hat`, `tilde`, `dot`, `ddot` set an accent and `prime`, `star`, `plus`, `dagger` a mark.

    >>> convention("lambda_bar_0")
    Notation(typst='macron(lambda)_0', latex='\\bar{\\lambda}_{0}', text='λ̄₀', meaning='')
    >>> convention("Theta__L").typst, convention("x12").text, convention("lambda_min").latex
    ('Theta^L', 'x₁₂', '\\lambda_{\\mathrm{min}}')
    """
    head, *upper = name.split("__")
    stem, *parts = head.split("_")
    if trailing := re.fullmatch(r"(\D+)(\d+)", stem):
        stem, parts = trailing[1], [trailing[2], *parts]
    print_ = letter(stem)
    typst, latex, text = print_.typst, print_.latex, print_.text
    for accent in (p for p in parts if p in _ACCENTS):
        over, tex, mark = _ACCENTS[accent]
        typst, latex, text = f"{over}({typst})", f"{tex}{{{latex}}}", f"{text}{mark}"
    subs = [letter(p) for p in parts if p not in _ACCENTS and p not in _MARKS]
    sups = [_MARKS[p] for p in parts if p in _MARKS] + [letter(p) for p in upper]
    if subs:
        typst += "_" + typst_group(", ".join(s.typst for s in subs))
        latex += f"_{{{','.join(s.latex for s in subs)}}}"
        text += text_sub(",".join(s.text for s in subs))
    if sups:
        typst += "^" + typst_group(" ".join(s.typst for s in sups))
        latex += f"^{{{' '.join(s.latex for s in sups)}}}"
        text += "".join(s.text if s in _MARKS.values() else text_sup(s.text) for s in sups)
    return Notation(typst, latex, text)


def letter(part: str) -> Notation:
    """Typeset one part of a name: a letter, a Greek letter by its name, digits, or a word in upright type."""
    if part in _SPECIAL:
        return _SPECIAL[part]
    if part.lower() in GREEK and part in (part.lower(), part.capitalize()):
        symbol = GREEK[part.lower()]
        latex = rf"\mathrm{{{_LATIN[part]}}}" if part in _LATIN else "o" if part == "omicron" else f"\\{part}"
        return Notation(part, latex, symbol.upper() if part[0].isupper() else symbol)
    if len(part) == 1 or part.isdigit():
        return Notation(part, part, part)
    if not part or not part.replace("-", "").isalnum():
        raise ValueError(f"a name with the part {part!r} needs a registered notation")
    return Notation(f'"{part}"', rf"\mathrm{{{part}}}", part)


ACTIVATIONS: dict[str, str] = {"relu": "ReLU"}
"""How activations are written in words, where it is not as they are called."""


def named(name: str) -> Notation:
    """The notation of the symbol, function or indexed family called `name`: registered, else by convention."""
    return NOTATION.get(name) or convention(name)


def named_function(name: str) -> Notation | None:
    """The notation of SymPy's (or our own) function class called `name`, if it has one."""
    return NOTATION.get(name) or FUNCTIONS.get(name)


def typst_group(script: str) -> str:
    """A sub- or superscript in Typst: one letter, digits or an identifier as they are, anything else in parentheses.

    >>> typst_group("12"), typst_group("lambda"), typst_group("i, j")
    ('12', 'lambda', '(i, j)')
    """
    return script if re.fullmatch(r"\d+|[A-Za-z]+|[*+]", script) else f"({script})"


def text_sub(script: str) -> str:
    """A subscript in plain text: Unicode subscripts where all of it has them.

    >>> text_sub("k − 1"), text_sub("min"), text_sub("L")
    ('ₖ₋₁', 'ₘᵢₙ', '_L')
    """
    return _script(script, _SUB, "_")


def text_sup(script: str) -> str:
    """A superscript in plain text: Unicode superscripts where all of it has them.

    >>> text_sup("-2"), text_sup("t"), text_sup("-1/2")
    ('⁻²', '^t', '^(-1/2)')
    """
    return _script(script, _SUP, "^")


def _script(script: str, characters: dict[str, str], mark: str) -> str:
    short = re.fullmatch(r"[-−]?[^\W_]+( [-+−=] [^\W_]+)?|[+−⊤]", script)
    if short and all(c in characters for c in script.replace(" ", "")):
        return "".join(characters[c] for c in script.replace(" ", ""))
    return mark + (script if re.fullmatch(r"[A-Za-z0-9]+|.", script) else f"({script})")


def bound_tightly(typst: str, loose: str = " +-=/^'") -> bool:
    """Whether a Typst notation has no loose mark outside brackets, so that it may carry a power as it stands.

    >>> bound_tightly("norm(f - g)"), bound_tightly("sup_t abs(f)"), bound_tightly("x^*"), bound_tightly("theta'")
    (True, False, False, False)
    """
    depth = 0
    for character in typst:
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and character in loose:
            return False
    return True
