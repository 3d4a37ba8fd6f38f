"""The verdicts, their order of strength, and how the verdicts of routes and forms combine."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What may honestly be believed about a statement after it was put to the test."""

    PROVED = "PROVED"
    """A symbolic derivation, every step checked, and a certified spot check of both its ends."""
    CERTIFIED = "CERTIFIED"
    """Rigorous enclosures that cover the whole quantified domain."""
    SUPPORTED = "SUPPORTED"
    """An interval with declared error rates, or a search with stated coverage, inside the claimed region."""
    INCONCLUSIVE = "INCONCLUSIVE"
    """The evidence decides nothing: an interval straddles the edge, or nothing was there to test."""
    REFUTED = "REFUTED"
    """A counterexample, or an interval outside the claimed region."""
    ERROR = "ERROR"
    """Two routes disagree, or a route failed to run."""
    UNTESTABLE = "UNTESTABLE"
    """Cannot be put to the test here; the claim says why."""

    @property
    def upheld(self) -> bool:
        """Whether the statement may be relied on (at the strength the verdict names)."""
        return self in _UPHELD


_UPHELD = (Verdict.PROVED, Verdict.CERTIFIED, Verdict.SUPPORTED)


def of_routes(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine the verdicts of the routes of one statement: the strongest, unless they disagree.

    An upheld route beside a refuted one is an ERROR, as is any route that failed: somebody has to find out why.

    >>> of_routes([Verdict.SUPPORTED, Verdict.PROVED]).value
    'PROVED'
    >>> of_routes([Verdict.PROVED, Verdict.REFUTED]).value
    'ERROR'
    >>> of_routes([]).value
    'INCONCLUSIVE'
    """
    found = set(verdicts)
    if Verdict.ERROR in found or (Verdict.REFUTED in found and found & set(_UPHELD)):
        return Verdict.ERROR
    for verdict in (*_UPHELD, Verdict.REFUTED):
        if verdict in found:
            return verdict
    return Verdict.INCONCLUSIVE


def of_restated(forms: Iterable[tuple[Verdict, bool]]) -> list[Verdict]:
    """The verdicts of forms `(verdict, restates)`, each general one together with its special cases that follow.

    A special case that is refuted refutes the general form, and is an ERROR beside a general form that is upheld; one
    that is upheld says nothing of the general form.

    >>> [verdict.value for verdict in of_restated([(Verdict.PROVED, False), (Verdict.SUPPORTED, True)])]
    ['PROVED']
    >>> [verdict.value for verdict in of_restated([(Verdict.PROVED, False), (Verdict.REFUTED, True)])]
    ['ERROR']
    >>> [verdict.value for verdict in of_restated([(Verdict.REFUTED, False), (Verdict.SUPPORTED, True)])]
    ['REFUTED']
    """
    found: list[Verdict] = []
    for verdict, restates in forms:
        if not restates or not found:
            found.append(verdict)
        elif verdict is Verdict.ERROR:
            found[-1] = verdict
        elif verdict is Verdict.REFUTED and found[-1] is not Verdict.ERROR:
            found[-1] = Verdict.ERROR if found[-1].upheld else Verdict.REFUTED
    return found


def of_forms(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine the verdicts of several forms that a claim asserts together: the weakest of them.

    >>> of_forms([Verdict.CERTIFIED, Verdict.SUPPORTED]).value
    'SUPPORTED'
    >>> of_forms([Verdict.PROVED, Verdict.REFUTED]).value
    'REFUTED'
    """
    found = set(verdicts)
    for verdict in (Verdict.ERROR, Verdict.REFUTED, Verdict.INCONCLUSIVE, *reversed(_UPHELD)):
        if verdict in found:
            return verdict
    return Verdict.UNTESTABLE
