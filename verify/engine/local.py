"""Tasks on one machine: in this process, or on worker processes started through joblib."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from multiprocessing import resource_tracker
from typing import Self

from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError

from verify import ledger as ledgers
from verify.engine.answers import WORKER_DIED, Answer, Answers, answer, groups, own_ledger
from verify.errors import InputError
from verify.tasks import Ledger, Task, key

_ATTEMPTS = 2
"""How often all tasks left are given to fresh workers after one died; then each is tried alone."""


class InProcess:
    """One task after the other, in this process."""

    jobs = 1

    def answers(self, tasks: Mapping[str, Task], ledger: Ledger, started: Callable[[str], None]) -> Answers:
        """Yield the answers in the order of the tasks."""
        for name, task in tasks.items():
            started(name)
            yield answer(name, task, ledger)


class Processes:
    """Worker processes on this machine, which load the ledger themselves. They start with the first task."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._running = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._running:
            get_reusable_executor().shutdown(wait=True, kill_workers=True)

    def answers(self, tasks: Mapping[str, Task], ledger: Ledger, started: Callable[[str], None]) -> Answers:  # noqa: ARG002 - workers have their own
        """Yield answers as they arrive; tasks lost with a worker that died run again, on the streams they had."""
        if not tasks:
            return
        self._running = True
        left = dict(tasks)
        for _ in range(_ATTEMPTS):
            try:
                with self._handed_out(left, started) as answers:
                    for found in answers:
                        del left[found.key]
                        yield found
            except TerminatedWorkerError:
                continue
            return
        for name, task in left.items():
            try:
                with self._handed_out({name: task}, started) as answers:
                    yield from answers
            except TerminatedWorkerError:
                yield Answer(name, "", 0.0, WORKER_DIED)

    @contextmanager
    def _handed_out(self, tasks: dict[str, Task], started: Callable[[str], None]) -> Iterator[Iterable[Answer]]:
        """Give tasks to the workers, and at the end, however it comes, take back those that are not answered.

        Workers are ended in the wrong order, and for ever waited for, if this is left to the garbage collector.
        """
        package = ledgers.default()

        def calls() -> Iterator[object]:
            for group in groups(tasks):
                for name in group:
                    started(name)
                yield delayed(_work)(group, package)

        parallel = Parallel(
            n_jobs=self.jobs,
            backend="loky",
            return_as="generator_unordered",
            batch_size=1,
            initializer=_end_with,
            initargs=(os.getpid(),),
        )
        answers = None
        try:
            with _deaf_children():
                answers = parallel(calls())
            yield chain.from_iterable(answers)
        finally:
            if answers is not None:
                answers.close()


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


def _work(tasks: Mapping[str, Task], package: str) -> list[Answer]:
    """Answer tasks in a worker process, whose own ledger must be the one they were made from."""
    ledger = own_ledger(package)
    if any(key(task, ledger) != name for name, task in tasks.items()):
        raise InputError("The sources changed while the run was under way; run again.")
    return [answer(name, task, ledger) for name, task in tasks.items()]


def _end_with(parent: int) -> None:
    """End this worker soon after the process it works for was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
