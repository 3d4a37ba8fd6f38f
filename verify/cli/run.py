"""`ntk-verify run`: put claims to the test, write the results and the reports, print the verdicts."""

import datetime
import re
import shlex
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verify.cli import verdicts
from verify.cli.console import complain, stderr, stdout
from verify.cli.options import OUT, Json, Out, at_least, choose, complete_claim, one_of
from verify.cli.report import write
from verify.errors import InputError
from verify.experiment import Profile
from verify.files import PROOFS, RESULTS, claim_folder, write_proofs, write_results
from verify.result import Results
from verify.store import Store, default_path
from verify.waivers import DEFAULT, check_needed, read

if TYPE_CHECKING:
    from verify.engine import Engine

REPORTS = ["report.html", "report.pdf", "junit.xml", "summary.md"]
_PROFILES = [profile.value for profile in Profile]
_ENGINES = ["local", "dask"]
_ADDRESS = re.compile(r"[a-z]+://[^/\s]+:\d+")


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
            help="Worker processes of the engine local, by default one per core; results do not depend on it.",
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            metavar="|".join(_ENGINES),
            autocompletion=lambda: _ENGINES,
            help="Where tasks are computed: by processes of this machine, or on the workers of a Dask cluster.",
        ),
    ] = "local",
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="The scheduler of the cluster, such as tcp://127.0.0.1:8786."),
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
            claims or [],
            where=_where(engine, scheduler, jobs),
            profile=profile,
            seed=seed,
            out=out,
            fresh=fresh,
            store=store,
            waivers=waivers,
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
    where: int | str | None,
    profile: Profile,
    seed: int,
    out: Path,
    fresh: bool,
    store: Path | None,
    waivers: Path | None,
) -> tuple[Results, dict[str, str]]:
    # Loading joblib, SymPy, numba and SciPy takes seconds that help and bad usage need not wait for.
    from verify import ledger, run  # noqa: PLC0415
    from verify.cli.progress import watched  # noqa: PLC0415

    chosen = choose(names)
    today = datetime.datetime.now(datetime.UTC).date()
    file = waivers or (DEFAULT if ledger.default() == ledger.__name__ else None)
    reasons = read(file, [claim.id for claim in choose([])], today) if file else {}
    claim_folder(out)
    with ExitStack() as stack:
        engine = _started(where, stack)
        kept = stack.enter_context(Store(store or default_path()))
        progress = stack.enter_context(watched(stderr(), engine.jobs))
        results = run.verify(
            chosen,
            profile=profile,
            seed=seed,
            engine=engine,
            store=kept,
            fresh=fresh,
            waivers=reasons,
            progress=progress,
            keep=partial(write_proofs, out=out),
            beside=not names,
        )
    write_results(results, out / RESULTS)
    return results, reasons


def _where(engine: str, scheduler: str | None, jobs: int | None) -> int | str | None:
    """Return the address of a scheduler, or how many processes to compute on if that is said."""
    one_of("engine", engine, _ENGINES)
    if engine == "local":
        if scheduler is not None:
            raise InputError("--scheduler goes with --engine dask.")
        return jobs
    if jobs is not None:
        raise InputError("--jobs goes with --engine local: a Dask cluster computes on all workers that it has.")
    if scheduler is None:
        raise InputError("--engine dask needs --scheduler, an address such as tcp://127.0.0.1:8786.")
    if not _ADDRESS.fullmatch(scheduler):
        raise InputError(f"--scheduler must be an address such as tcp://127.0.0.1:8786, not {scheduler!r}.")
    return scheduler


def _started(where: int | str | None, stack: ExitStack) -> "Engine":
    """Start the engine, and have it ended with the stack."""
    from joblib import cpu_count  # noqa: PLC0415 - as in `_verify`

    from verify.engine import InProcess, Processes  # noqa: PLC0415
    from verify.engine.cluster import Cluster  # noqa: PLC0415

    if isinstance(where, str):
        return stack.enter_context(Cluster(where))
    jobs = where or cpu_count()
    return stack.enter_context(Processes(jobs)) if jobs > 1 else InProcess()
