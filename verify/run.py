"""A run: claims in, evidence gathered, every claim judged, results out."""

import datetime
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from verify import wellformed
from verify.appendices import appendices
from verify.claim import Claim
from verify.decide.levels import RUN_LIMIT
from verify.engine import Engine, InProcess
from verify.execute import Progress, Silent, gather
from verify.experiment import Profile
from verify.judge import Judge
from verify.keys import versions
from verify.plan import Plan
from verify.result import ClaimResult, ErrorBudget, Results, RunInfo, Summary
from verify.store import Store
from verify.tasks import Ledger
from verify.verdict import Verdict


def verify(
    claims: Sequence[Claim],
    *,
    profile: Profile = Profile.QUICK,
    seed: int = 0,
    engine: Engine | None = None,
    store: Store,
    fresh: bool = False,
    waivers: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    beside: bool = False,
    keep: Callable[[Mapping[str, str]], None] | None = None,
) -> Results:
    """Put claims to the test and return the results, with what is measured beside them (`verify.appendices`) if asked.

    Tasks run in this process, or where `engine` computes them. Same code, versions, machine, seed and profile give the
    same results, whatever the engine is and whatever was stored before, apart from `run.started`, `run.wall_seconds`
    and the routes' `seconds`. `keep` is given the proof files of the derivations, by their paths from the folder of
    the results.
    """
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    ledger = Ledger(claims)
    plan = Plan(claims, ledger, profile=profile, seed=seed)
    progress = progress or Silent()
    collect = partial(gather, ledger=ledger, engine=engine or InProcess(), store=store, fresh=fresh, progress=progress)
    outcomes = collect(dict(plan.tasks))
    while more := plan.more(outcomes):
        outcomes |= collect(more)
    progress.phase("deciding")
    judge = Judge(plan=plan, outcomes=outcomes, profile=profile, seed=seed)
    judged = tuple(judge.claim(claim, (waivers or {}).get(claim.id)) for claim in claims)
    if keep is not None:
        keep({file: text for claim in claims for file, text in judge.proofs(claim).items()})
    if beside:
        progress.phase("measuring")
    measured = appendices(seed) if beside else ()
    info = RunInfo(
        seed=seed,
        profile=profile.value,
        versions=_versions(),
        platform=platform.platform(),
        started=started.isoformat(timespec="seconds"),
        wall_seconds=round(time.perf_counter() - clock, 3),
    )
    return Results(run=info, claims=judged, summary=summarise(judged), appendices=measured)


def check(claim: Claim, *, profile: Profile = Profile.QUICK, seed: int = 0) -> ClaimResult:
    """Put one claim to the test, in this process and without keeping its evidence: for a claim outside the ledger.

    Raises `FaultError` of `verify.wellformed`, which names the field, if the claim is not well formed.
    """
    wellformed.check(claim)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "evidence.sqlite") as store:
        return verify([claim], profile=profile, seed=seed, store=store).claims[0]


def summarise(claims: Sequence[ClaimResult]) -> Summary:
    """Sum up judged claims.

    Green means: there are claims; every one of them is `ok` or waived; and the probability that chance alone turns
    such a run red is within its limit.
    """
    routes = sum(route.alpha + route.beta for claim in claims for route in claim.routes)
    mutants = sum(mutant.beta for claim in claims for mutant in claim.mutants)
    budget = ErrorBudget(limit=RUN_LIMIT, spent=routes + mutants, routes=routes, mutants=mutants)
    put = [(claim, mutant) for claim in claims for mutant in claim.mutants]
    counts = Counter(claim.verdict for claim in claims)
    return Summary(
        claims=len(claims),
        by_verdict={verdict: counts[verdict] for verdict in Verdict if counts[verdict]},
        unexpected=tuple(claim.id for claim in claims if claim.verdict is not claim.expected),
        surviving_mutants=tuple(
            f"{claim.id}: {mutant.name} ({mutant.route})" for claim, mutant in put if not mutant.refuted
        ),
        mutants_refuted=sum(mutant.refuted for _, mutant in put),
        mutants_total=len(put),
        errata=tuple(claim.id for claim in claims if claim.erratum),
        error_budget=budget,
        green=bool(claims) and all(claim.ok or claim.waiver for claim in claims) and budget.spent <= budget.limit,
    )


def _versions() -> dict[str, str]:
    try:
        return {"ntk-verify": version("ntk-verify"), **versions()}
    except PackageNotFoundError:
        return versions()
