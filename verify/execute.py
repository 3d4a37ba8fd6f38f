"""Execution of tasks: stored evidence is reused, the rest is computed on worker processes and stored as it arrives."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import resource_tracker
from typing import Protocol

import numba
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError
from pydantic import TypeAdapter
from threadpoolctl import threadpool_limits

from verify import ledger as ledgers
from verify.errors import InputError
from verify.evidence import Cell, DerivationEvidence, EnclosureEvidence, LawEvidence, Path, UniformEvidence
from verify.store import Store
from verify.tasks import Ledger, Piece, Task, compute, effort, key

_PIECE: TypeAdapter[Piece] = TypeAdapter(
    DerivationEvidence | EnclosureEvidence | UniformEvidence | LawEvidence | Cell | Path
)
_ATTEMPTS = 2
"""How often all tasks left are given to fresh workers after one died; then each is tried alone."""


class Progress(Protocol):
    """What is told about a run while it computes."""

    def begin(self, total: int, stored: int) -> None:
        """`total` pieces of evidence are needed, `stored` of them are there."""

    def started(self, label: str) -> None:
        """A task was handed to a worker."""

    def finished(self, label: str) -> None:
        """Its evidence has arrived."""

    def phase(self, what: str) -> None:
        """All evidence is there, and `what` is going on now."""


class Silent:
    """Progress that nobody watches."""

    def begin(self, total: int, stored: int) -> None:
        """Say nothing."""

    def started(self, label: str) -> None:
        """Say nothing."""

    def finished(self, label: str) -> None:
        """Say nothing."""

    def phase(self, what: str) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Outcome:
    """What came of a task: its evidence, or the message of what it raised."""

    piece: Piece | None
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class _Answer:
    """What a worker sends back: the evidence as JSON, or the message of what the task raised."""

    key: str
    body: str
    seconds: float
    error: str = ""


def gather(
    tasks: Mapping[str, Task],
    ledger: Ledger,
    *,
    jobs: int,
    store: Store,
    fresh: bool,
    progress: Progress,
) -> dict[str, Outcome]:
    """Return the outcome of every task by its key, from the store or computed on `jobs` workers.

    With one job the tasks run in this process; otherwise workers load the ledger themselves. Evidence is decided on
    as it reads from JSON, so it makes no difference whether it was computed or stored. A task that raises has the
    message as its outcome and stores nothing. `fresh` computes evidence that is stored again.
    """
    outcomes: dict[str, Outcome] = {}
    if not fresh:
        for name in tasks:
            if stored := store.get(name):
                outcomes[name] = Outcome(_PIECE.validate_json(stored.body), stored.seconds)
    progress.begin(len(tasks), len(outcomes))
    missing = {name: task for name, task in tasks.items() if name not in outcomes}
    longest_first = sorted(missing.items(), key=lambda item: -effort(item[1], ledger))
    for answer in _answers(dict(longest_first), ledger, jobs, progress):
        task = tasks[answer.key]
        if not answer.error:
            store.put(answer.key, kind=task.kind, body=answer.body, seconds=answer.seconds)
        piece = None if answer.error else _PIECE.validate_json(answer.body)
        outcomes[answer.key] = Outcome(piece, answer.seconds, answer.error)
        progress.finished(task.label)
    return outcomes


def _answers(tasks: dict[str, Task], ledger: Ledger, jobs: int, progress: Progress) -> Iterator[_Answer]:
    if not tasks:
        return
    if jobs == 1:
        for name, task in tasks.items():
            progress.started(task.label)
            yield _answer(name, task, ledger)
        return
    try:
        yield from _resubmitting(tasks, jobs, progress.started)
    finally:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


def _resubmitting(tasks: dict[str, Task], jobs: int, started: Callable[[str], None]) -> Iterator[_Answer]:
    """Yield answers as they arrive; tasks lost with a worker that died run again, on the streams they had."""
    left = dict(tasks)
    for _ in range(_ATTEMPTS):
        try:
            for answer in _parallel(left, jobs, started):
                del left[answer.key]
                yield answer
        except TerminatedWorkerError:
            continue
        return
    for name, task in left.items():
        try:
            yield from _parallel({name: task}, jobs, started)
        except TerminatedWorkerError:
            yield _Answer(name, "", 0.0, "its worker process died, each of the times it was tried (out of memory?)")


def _parallel(tasks: dict[str, Task], jobs: int, started: Callable[[str], None]) -> Iterable[_Answer]:
    package, parent = ledgers.default(), os.getpid()

    def calls() -> Iterator[object]:
        for name, task in list(tasks.items()):
            started(task.label)
            yield delayed(_work)(name, task, package, parent)

    parallel = Parallel(n_jobs=jobs, backend="loky", return_as="generator_unordered", batch_size=1)
    with _deaf_children():
        answers: Iterable[_Answer] = parallel(calls())
    return answers


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: it is for this process to end them, and to say so once.

    The mask of blocked signals is inherited; what arrives here meanwhile is delivered at the end of the block.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Starting it resets the mask, so it must run before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(name: str, task: Task, package: str, parent: int) -> _Answer:
    """Answer a task in a worker process, whose own ledger must be the one the task was made from."""
    _end_with(parent)
    ledger = _ledger(package)
    if key(task, ledger) != name:
        raise InputError("The sources changed while the run was under way; run again.")
    return _answer(name, task, ledger)


def _answer(name: str, task: Task, ledger: Ledger) -> _Answer:
    """Compute a task on one thread, so that no sum depends on how many there are."""
    start = time.perf_counter()
    numba.set_num_threads(1)
    try:
        with threadpool_limits(limits=1):
            piece = compute(task, ledger)
        body = piece.model_dump_json()
    except Exception as error:
        return _Answer(name, "", _since(start), f"{type(error).__name__}: {error}")
    return _Answer(name, body, _since(start))


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 4)


@cache
def _ledger(package: str) -> Ledger:
    return Ledger(ledgers.load(package).values())


@cache
def _end_with(parent: int) -> None:
    """End this worker soon after the process it works for was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    if hasattr(os, "getppid") and os.getppid() == parent:
        threading.Thread(target=watch, daemon=True).start()
