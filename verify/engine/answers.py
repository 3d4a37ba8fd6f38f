"""Answers to tasks, and how a worker computes one, whatever process it runs in."""

import sys
import threading
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

import flint
import numba
from threadpoolctl import ThreadpoolController

from verify import ledger as ledgers
from verify.tasks import Ledger, StatementTask, Task, compute

WORKER_DIED = "its worker process died, each of the times it was tried (out of memory?)"
"""The error of a task that kills its worker."""

_ONE_AT_A_TIME = threading.Lock()
"""The precision of balls and the number of BLAS threads belong to the process: its threads take turns."""


@dataclass(frozen=True)
class Answer:
    """What a worker sends back: the evidence as JSON, or the message of what the task raised."""

    key: str
    body: str
    seconds: float
    error: str = ""


Answers = Generator[Answer, None, None]
"""Answers as they arrive; closed before its end it takes back what was handed out."""


class Engine(Protocol):
    """Where tasks are computed. It stays up between calls, so that these cost nothing beside the tasks."""

    @property
    def jobs(self) -> int:
        """How many tasks it computes at once."""

    def answers(self, tasks: Mapping[str, Task], ledger: Ledger, started: Callable[[str], None]) -> Answers:
        """Yield the answer to every task once, as they arrive; `started` is given the name of what is handed out.

        A worker answers a group of tasks at once (`groups`). Those lost with it are handed out again, on the streams
        they had. One that cannot be computed without its worker's dying has that as its error. Raises `InputError` if
        the workers are of no use for this run.
        """


def groups(tasks: Mapping[str, Task]) -> list[dict[str, Task]]:
    """The tasks as they are handed to workers: together those on the statements of one claim, each cell alone.

    Statements of a claim and their mutants share most of what a process remembers of earlier computations.
    """
    found: dict[str, dict[str, Task]] = {}
    for name, task in tasks.items():
        found.setdefault(f"claim {task.claim}" if isinstance(task, StatementTask) else name, {})[name] = task
    return list(found.values())


def answer(name: str, task: Task, ledger: Ledger) -> Answer:
    """Compute a task on one thread and from a clean start, so that no number depends on what else is computed."""
    with _ONE_AT_A_TIME:
        start = time.perf_counter()
        numba.set_num_threads(1)
        # FLINT keeps the nodes of its quadratures as precisely as they were ever asked for, and the last digits of what
        # is computed with them would tell which tasks there were before.
        flint.ctx.cleanup()
        try:
            with _pools(len(sys.modules)).limit(limits=1):
                piece = compute(task, ledger)
            body = piece.model_dump_json()
        except Exception as error:
            return Answer(name, "", _since(start), f"{type(error).__name__}: {error}")
        return Answer(name, body, _since(start))


@lru_cache(maxsize=1)
def _pools(modules: int) -> ThreadpoolController:  # noqa: ARG001 - the key
    """The pools of threads in this process, looked for again once further modules are loaded: it takes a while."""
    return ThreadpoolController()


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 4)


@cache
def own_ledger(package: str) -> Ledger:
    """Load, once, the ledger in which a worker process looks its tasks up."""
    return Ledger(ledgers.load(package, checked=True).values())
