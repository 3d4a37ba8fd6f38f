"""Comparison of two runs: verdicts that changed, and measured numbers whose intervals say that they changed."""

from collections.abc import Iterator, Mapping

from verify.evidence import Model
from verify.result import ClaimResult, FormResult, Interval, Results
from verify.verdict import Verdict

_STRENGTH = (Verdict.PROVED, Verdict.CERTIFIED, Verdict.SUPPORTED)


class VerdictChange(Model):
    """A verdict that is not what it was."""

    claim: str
    part: str
    """What of the claim: "claim", "form corrected", "route …", "mutant … (route)"."""
    base: Verdict
    head: Verdict
    worse: bool


class Shift(Model):
    """A measured number whose two intervals are disjoint: it changed, beyond what chance explains."""

    claim: str
    route: str
    base: Interval
    head: Interval


class Comparison(Model):
    """What changed from one run to another. Claims in one run only are named; nothing is said about their verdicts."""

    settings: tuple[str, ...]
    """The facts of the runs that differ, as "name: base → head"."""
    verdicts: tuple[VerdictChange, ...]
    shifts: tuple[Shift, ...]
    statements: tuple[str, ...]
    """`claim (form)` whose statement is another one now, so that its numbers do not compare."""
    only_base: tuple[str, ...]
    only_head: tuple[str, ...]

    @property
    def worse(self) -> bool:
        """Whether any verdict got worse."""
        return any(change.worse for change in self.verdicts)


def compare(base: Results, head: Results) -> Comparison:
    """Compare two runs, the verdicts that got worse first.

    A measured number counts as changed when the interval of the one run and that of the other are disjoint; numbers
    that merely differ are chance.
    """
    old = {claim.id: claim for claim in base.claims}
    new = {claim.id: claim for claim in head.claims}
    both = [(claim, new[claim.id]) for claim in base.claims if claim.id in new]
    changes = [change for pair in both for change in _changes(*pair)]
    changed = [f"{a.id} ({form})" for a, b in both for form in _changed_forms(a, b)]
    return Comparison(
        settings=tuple(_settings(base, head)),
        verdicts=tuple(sorted(changes, key=lambda change: not change.worse)),
        shifts=tuple(shift for pair in both for shift in _shifts(*pair)),
        statements=tuple(changed),
        only_base=tuple(name for name in old if name not in new),
        only_head=tuple(name for name in new if name not in old),
    )


def disjoint(base: Interval, head: Interval) -> bool:
    """Whether two intervals have no number in common."""
    return base.high < head.low or head.high < base.low


def _changes(base: ClaimResult, head: ClaimResult) -> Iterator[VerdictChange]:
    """A claim got worse when it is no longer ok, or is upheld less strongly, or became an error."""
    if base.verdict is not head.verdict:
        worse = (base.ok and not head.ok) or _weaker(base.verdict, head.verdict)
        yield VerdictChange(claim=base.id, part="claim", base=base.verdict, head=head.verdict, worse=worse)
    old, new = _parts(base), _parts(head)
    for part, verdict in old.items():
        if part in new and new[part] is not verdict:
            if part.startswith("mutant "):
                worse = verdict is Verdict.REFUTED
            else:
                worse = _weaker(verdict, new[part]) or (verdict.upheld and not new[part].upheld and not head.ok)
            yield VerdictChange(claim=base.id, part=part, base=verdict, head=new[part], worse=worse)


def _weaker(base: Verdict, head: Verdict) -> bool:
    """Whether `head` upholds less strongly than `base` or is an error; upheld against refuted is for `ok` to judge."""
    if head is Verdict.ERROR:
        return base is not Verdict.ERROR
    return base in _STRENGTH and head in _STRENGTH and _STRENGTH.index(head) > _STRENGTH.index(base)


def _parts(claim: ClaimResult) -> Mapping[str, Verdict]:
    return {
        **{f"form {form.name}": form.verdict for form in claim.forms},
        **{f"route {route.name} ({route.form})": route.verdict for route in claim.routes},
        **{f"mutant {mutant.name} ({mutant.route}, {mutant.form})": mutant.verdict for mutant in claim.mutants},
    }


def _changed_forms(base: ClaimResult, head: ClaimResult) -> Iterator[str]:
    new = {form.name: form for form in head.forms}
    for form in base.forms:
        if form.name in new and _said(form) != _said(new[form.name]):
            yield form.name


def _said(form: FormResult) -> tuple[object, ...]:
    return form.statement, form.domain, form.where


def _shifts(base: ClaimResult, head: ClaimResult) -> Iterator[Shift]:
    new = {(route.form, route.name): route.evidence.interval for route in head.routes}
    for route in base.routes:
        was, now = route.evidence.interval, new.get((route.form, route.name))
        if was and now and was.name == now.name and disjoint(was, now):
            yield Shift(claim=base.id, route=f"{route.name} ({route.form})", base=was, head=now)


def _settings(base: Results, head: Results) -> Iterator[str]:
    old, new = base.run, head.run
    facts = {
        "seed": (old.seed, new.seed),
        "profile": (old.profile, new.profile),
        "platform": (old.platform, new.platform),
        **{name: (old.versions.get(name), new.versions.get(name)) for name in {**old.versions, **new.versions}},
    }
    yield from (f"{name}: {was} → {now}" for name, (was, now) in facts.items() if was != now)
