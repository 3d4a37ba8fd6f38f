"""`ntk-verify run`: put claims to the test, write the results and the reports, print the verdicts."""

import datetime
import shlex
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from verify.cli import verdicts
from verify.cli.console import complain, stderr, stdout
from verify.cli.options import OUT, Json, Out, at_least, choose, complete_claim, one_of
from verify.cli.report import write
from verify.experiment import Profile
from verify.files import PROOFS, RESULTS, claim_folder, write_proofs, write_results
from verify.result import Results
from verify.store import Store, default_path
from verify.waivers import DEFAULT, check_needed, read

REPORTS = ["report.html", "report.pdf", "junit.xml", "summary.md"]
_PROFILES = [profile.value for profile in Profile]


def _profile(text: str) -> Profile:
    one_of("profile", text, _PROFILES)
    return Profile(text)


def run(
    claims: Annotated[
        list[str] | None,
        typer.Argument(metavar="CLAIM", help="Claims by id; all without one.", autocompletion=complete_claim),
    ] = None,
    *,
    profile: Annotated[
        Profile,
        typer.Option(
            parser=_profile,
            metavar="|".join(_PROFILES),
            autocompletion=lambda: _PROFILES,
            help="How much work: quick takes minutes, full up to an hour.",
        ),
    ] = Profile.QUICK,
    seed: Annotated[
        int,
        typer.Option(parser=at_least("seed", 0), metavar="NUMBER", help="The seed of every random stream of the run."),
    ] = 0,
    jobs: Annotated[
        int | None,
        typer.Option(
            parser=at_least("jobs", 1),
            metavar="NUMBER",
            help="Worker processes, by default one per core; results do not depend on it.",
        ),
    ] = None,
    out: Out = OUT,
    fresh: Annotated[bool, typer.Option("--fresh", help="Compute all evidence again, whatever is stored.")] = False,
    store: Annotated[
        Path | None,
        typer.Option(
            envvar="NTK_VERIFY_STORE", metavar="FILE", help="Where evidence is kept; by default the file named below."
        ),
    ] = None,
    waivers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Claims that may fail for a while; by default verify/waivers.toml."),
    ] = None,
    json: Json = False,
) -> None:
    """Put claims to the test, and write results and reports into one folder.

    Evidence is stored as it arrives: repeat a command that was interrupted, and it resumes.

    Exits with 0 when every verdict is the expected one and every mutant is refuted, else with 1.
    """
    try:
        results, reasons = _verify(
            claims or [], profile=profile, seed=seed, jobs=jobs, out=out, fresh=fresh, store=store, waivers=waivers
        )
        if not json:
            verdicts.print_results(results, stdout())
        with stderr().status("writing the reports"):
            write(results, out, REPORTS)
    except KeyboardInterrupt:
        resume = shlex.join(["ntk-verify", *(part for part in sys.argv[1:] if part != "--fresh")])
        complain(f"Interrupted; the evidence finished so far is stored, and this resumes: {resume}")
        raise typer.Exit(130) from None
    if json:
        typer.echo(results.model_dump_json(indent=1))
    else:
        stdout().print(f"Written to {out}: {', '.join([RESULTS, *REPORTS, f'{PROOFS}/'])}", soft_wrap=True)
    check_needed(reasons, results.claims)
    if not results.summary.green:
        raise typer.Exit(1)


def _verify(
    names: list[str],
    *,
    profile: Profile,
    seed: int,
    jobs: int | None,
    out: Path,
    fresh: bool,
    store: Path | None,
    waivers: Path | None,
) -> tuple[Results, dict[str, str]]:
    # Loading joblib, SymPy, numba and SciPy takes seconds that help and bad usage need not wait for.
    from joblib import cpu_count  # noqa: PLC0415

    from verify import ledger  # noqa: PLC0415
    from verify import run as engine  # noqa: PLC0415
    from verify.cli.progress import watched  # noqa: PLC0415

    chosen = choose(names)
    today = datetime.datetime.now(datetime.UTC).date()
    file = waivers or (DEFAULT if ledger.default() == ledger.__name__ else None)
    reasons = read(file, [claim.id for claim in choose([])], today) if file else {}
    claim_folder(out)
    workers = jobs or cpu_count()
    with ExitStack() as stack:
        kept = stack.enter_context(Store(store or default_path()))
        progress = stack.enter_context(watched(stderr(), workers))
        results = engine.verify(
            chosen,
            profile=profile,
            seed=seed,
            jobs=workers,
            store=kept,
            fresh=fresh,
            waivers=reasons,
            progress=progress,
            keep=partial(write_proofs, out=out),
            beside=not names,
        )
    write_results(results, out / RESULTS)
    return results, reasons
