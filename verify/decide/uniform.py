"""The rule for certificates that hold for every value of a variable: bounds of |lhs - rhs| on whole intervals."""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp

from verify.decide.comparisons import contradicting, sides, table
from verify.decide.decision import Decision, nothing_to_test
from verify.decide.figures import thinned
from verify.decide.wording import listed, literal, plain, short, symbol, typographic
from verify.evidence import UniformEvidence, UniformPiece
from verify.result import Figure, Series, Table
from verify.statement import Identity
from verify.verdict import Verdict


def decide(statement: Identity, evidence: UniformEvidence) -> Decision:
    """REFUTED at a point where the sides differ for certain, CERTIFIED within the tolerance on the whole domain.

    CERTIFIED needs the bound to be within the tolerance on intervals that cover the domain of the variable, and both
    sides to be multiples, by one factor, of what they are at the values given to the other symbols. SUPPORTED if only
    part of the domain is covered so. A bound above the tolerance is INCONCLUSIVE, and so is none at all.
    """
    if evidence.witness:
        told = sides(evidence.witness)
        if contradicting(statement, [evidence.witness]):
            return Decision(verdict=Verdict.REFUTED, reason=f"Refuted: {told}.", table=table([evidence.witness]))
        reason = f"The sides seem to differ, but {told}; narrower enclosures would decide it."
        return Decision(verdict=Verdict.INCONCLUSIVE, reason=reason)
    bounded = [piece for piece in evidence.pieces if piece.bound != "inf"]
    if not bounded:
        nothing = nothing_to_test("no interval was found on which the difference is bounded")
        return Decision(verdict=nothing.verdict, reason=nothing.reason)
    verdict, reason = _verdict(statement, evidence, bounded)
    return Decision(verdict=verdict, reason=reason, table=_table(evidence), figures=(_figure(evidence, bounded),))


def _verdict(statement: Identity, evidence: UniformEvidence, bounded: Sequence[UniformPiece]) -> tuple[Verdict, str]:
    name = symbol(evidence.variable)
    tolerance = Fraction(evidence.tolerance)
    times = "" if evidence.factor in (None, "1") else f" · {evidence.factor}"
    most = max(bounded, key=lambda piece: float(piece.bound))
    claimed = f"{_power(tolerance)}{times}"
    if wide := [piece for piece in bounded if Fraction(piece.bound) > tolerance]:
        where = listed([_span(piece.low, piece.high) for piece in wide])
        reason = (
            f"On {where} the difference is bounded by {typographic(most.bound)} only, above the tolerance {claimed}"
        )
        return Verdict.INCONCLUSIVE, f"{reason}; more digits would decide it."
    covered = joined(bounded)
    where = listed([_span(*map(str, interval)) for interval in covered])
    points = sum(len(piece.points) for piece in bounded)
    found = (
        f"|left − right| is at most {typographic(most.bound)}{times}, within the tolerance {claimed}, for every {name} "
        f"in {where}, from {points} points"
    )
    if evidence.factor is None:
        at = ", ".join(f"{key} = {literal(value)}" for key, value in evidence.at.items())
        return Verdict.SUPPORTED, f"With {at}, {found}; for other values nothing follows."
    if not covers(covered, _domain(statement, evidence)):
        return Verdict.SUPPORTED, f"{found[0].upper()}{found[1:]}; that is not the whole domain of {name}."
    return Verdict.CERTIFIED, f"Equal to within the tolerance: {found}."


def _domain(statement: Identity, evidence: UniformEvidence) -> sp.Set:
    return next(allowed for variable, allowed in statement.domain if str(variable) == evidence.variable)


def joined(pieces: Sequence[UniformPiece]) -> list[tuple[Fraction, Fraction]]:
    """The intervals of the pieces, those that touch or overlap made one."""
    found: list[tuple[Fraction, Fraction]] = []
    for low, high in sorted((Fraction(piece.low), Fraction(piece.high)) for piece in pieces):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def covers(intervals: Sequence[tuple[Fraction, Fraction]], allowed: sp.Set) -> bool:
    """Whether closed intervals cover a set.

    >>> covers([(Fraction(-1), Fraction(1))], sp.Interval(-1, 1)), covers([(Fraction(0), Fraction(1))], sp.S.Reals)
    (True, False)
    """
    union = sp.Union(
        *(sp.Interval(*(sp.Rational(end.numerator, end.denominator) for end in ends)) for ends in intervals)
    )
    return allowed.is_subset(union) is True


def _power(value: Fraction) -> str:
    return typographic(f"{float(value):.6g}")


def _span(low: str, high: str) -> str:
    return f"[{', '.join(plain(sp.Rational(end)) for end in (low, high))}]"


def _table(evidence: UniformEvidence) -> Table:
    rows = [
        (
            _span(piece.low, piece.high),
            str(len(piece.points)),
            piece.ellipse,
            typographic(piece.magnitude),
            short(max(piece.sizes, default=0.0)),
            typographic(piece.truncation),
            typographic(piece.bound),
        )
        for piece in evidence.pieces
    ]
    columns = (symbol(evidence.variable), "points", "ellipse r", "|D| in the ellipse", "|D| at the points")
    return Table(columns=(*columns, "error of interpolation", "|D| everywhere"), rows=tuple(rows))


def _figure(evidence: UniformEvidence, bounded: Sequence[UniformPiece]) -> Figure:
    """The bound of |D| on each interval, what the enclosures allow at the points, and the tolerance."""
    ends = [(float(Fraction(piece.low)), float(Fraction(piece.high)), float(piece.bound)) for piece in bounded]
    walk = sorted((x, y) for piece in bounded for x, y in zip(piece.points, piece.sizes, strict=True))
    kept = [walk[i] for i in thinned(len(walk))]
    tolerance, (low, high) = float(Fraction(evidence.tolerance)), (ends[0][0], ends[-1][1])
    return Figure(
        title="Bound of the difference of both sides",
        caption="D = left side − right side. The marks are what the enclosures at the points leave open; the line "
        "bounds |D| at every value in between.",
        x_label=symbol(evidence.variable),
        y_label="|D|",
        y_scale="log",
        series=(
            Series(label="tolerance", role="claimed", draw="line", x=(low, high), y=(tolerance, tolerance)),
            Series(
                label="bound of |D|",
                role="bound",
                draw="line",
                x=tuple(x for left, right, _ in ends for x in (left, right)),
                y=tuple(y for *_, y in ends for _ in range(2)),
            ),
            Series(
                label="|D| at the points, at most",
                role="exact",
                draw="points",
                x=tuple(x for x, _ in kept),
                y=tuple(y for _, y in kept),
            ),
        ),
    )
