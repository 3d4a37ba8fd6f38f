"""Tasks on a Dask cluster that is already running.

joblib's own Dask backend streams answers and has lost tasks run again, but it is never told of a task that failed on
the cluster: it waits for ever for one that kills every worker it is tried on. So the cluster is spoken to directly.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, Self
from uuid import uuid4

from verify import ledger as ledgers
from verify.engine.answers import WORKER_DIED, Answer, Answers, answer, groups, own_ledger
from verify.errors import InputError
from verify.keys import versions
from verify.tasks import Ledger, Task, key

_CONNECTING = 10.0
"""Seconds that the scheduler has to answer, and then to have a worker."""
_WITHOUT_WORKERS = 60.0
"""Seconds that a cluster may be without workers, as it is while its only one starts again."""
_LOOK_EVERY = 2.0
"""Seconds without an answer after which the cluster is looked at."""
_LOGS = ("distributed", "distributed.client", "distributed.core", "distributed.batched")


class Cluster:
    """The workers of the Dask scheduler at an address, those included that come while tasks are computed.

    They load the ledger themselves, and must have the sources and versions of this machine. Raises `InputError` if
    the package distributed is not installed, or the scheduler does not answer or has no workers.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed  # noqa: PLC0415 - an extra
        except ImportError:
            raise InputError(
                "--engine dask needs the package distributed; install the extra: pip install 'ntk-verify[cluster]'"
            ) from None
        self._distributed: Any = distributed
        self._address = address
        self._client: Any = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.enter_context(_without_logs())
            connect = self._distributed.Client
            try:
                client = connect(self._address, timeout=_CONNECTING, set_as_default=False, name="ntk-verify")
            except (OSError, ValueError) as error:
                raise InputError(f"No Dask scheduler answers at {self._address}.") from error
            self._client = opened.enter_context(client)
            try:
                self._client.wait_for_workers(1, timeout=_CONNECTING)
            except TimeoutError:
                raise InputError(self._no_workers()) from None
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def jobs(self) -> int:
        """The number of its workers, each of which computes one task at a time."""
        return len(self._client.nthreads())

    def answers(self, tasks: Mapping[str, Task], ledger: Ledger, started: Callable[[str], None]) -> Answers:  # noqa: ARG002 - workers have their own
        """Yield answers as they arrive; the cluster runs tasks again that were lost with a worker that died.

        It gives up on a task after some deaths of workers that had it. Another task may have been to blame for them, so
        each of these is tried again, alone.
        """
        suspects = []
        for found in self._submitted(tasks, started):
            if found.error == WORKER_DIED:
                suspects.append(found.key)
            else:
                yield found
        for name in suspects:
            yield from self._submitted({name: tasks[name]}, started)

    def _submitted(self, tasks: Mapping[str, Task], started: Callable[[str], None]) -> Answers:
        # Results are shared by all who use the cluster, under a name: this one is of this call alone.
        call = f"ntk-verify-{uuid4().hex}"
        done: SimpleQueue[Any] = SimpleQueue()
        waiting: dict[str, tuple[list[str], Any]] = {}
        try:
            for group in groups(tasks):
                names = list(group)
                for name in names:
                    started(name)
                future = self._client.submit(_work, group, ledgers.default(), versions(), key=f"{call}-{names[0]}")
                waiting[future.key] = names, future
                future.add_done_callback(done.put)
            while waiting:
                future = self._next(done)
                try:
                    found = self._answers(waiting[future.key][0], future)
                except TimeoutError:  # it was lost with the worker that kept it, and is being computed again
                    future.add_done_callback(done.put)
                    continue
                del waiting[future.key]
                yield from found
        finally:
            if self._client.status == "running":
                self._client.cancel([future for _, future in waiting.values()])

    def _next(self, done: "SimpleQueue[Any]") -> Any:
        """Wait for the next task that is done."""
        last_seen = time.monotonic()
        while True:
            with suppress(Empty):
                return done.get(timeout=_LOOK_EVERY)
            try:
                if self._client.nthreads():
                    last_seen = time.monotonic()
            except OSError as error:
                raise InputError(self._lost()) from error
            if time.monotonic() - last_seen > _WITHOUT_WORKERS:
                raise InputError(self._no_workers())

    def _answers(self, names: list[str], future: Any) -> list[Answer]:
        """Fetch the answers to a group. Raises TimeoutError if they are not to be had for now."""
        try:
            return future.result(timeout=_LOOK_EVERY)
        except self._distributed.KilledWorker:
            return [Answer(name, "", 0.0, WORKER_DIED) for name in names]
        except CancelledError as error:
            raise InputError(self._lost()) from error
        except (InputError, TimeoutError):
            raise
        except Exception as error:
            need = "its scheduler and workers need what is installed here"
            raise InputError(f"The cluster cannot compute this run; {need} ({_root(error)}).") from error

    def _lost(self) -> str:
        return f"The connection to the Dask scheduler at {self._address} is lost; run again to resume."

    def _no_workers(self) -> str:
        return f"The Dask cluster has no workers; start one: dask worker {self._address} --nthreads 1"


def _work(tasks: Mapping[str, Task], package: str, wanted: Mapping[str, str]) -> list[Answer]:
    """Answer tasks on a worker of the cluster, which must compute just what this machine would."""
    from distributed import get_worker  # noqa: PLC0415 - an extra

    worker = get_worker().address
    if differing := [f"{what} {here}, not {wanted[what]}" for what, here in versions().items() if here != wanted[what]]:
        raise InputError(f"The worker {worker} has {', '.join(differing)}; install there what is installed here.")
    try:
        ledger = own_ledger(package)
        same = all(key(task, ledger) == name for name, task in tasks.items())
    except InputError as error:
        raise InputError(f"The worker {worker}: {error}") from error
    except (LookupError, StopIteration):  # a claim, an experiment or a route that it does not know
        same = False
    if not same:
        raise InputError(f"The worker {worker} has other sources than this machine; update it and start it again.")
    return [answer(name, task, ledger) for name, task in tasks.items()]


def _root(error: BaseException) -> str:
    """The first line of what an error goes back to."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {error}".splitlines()[0]


@contextmanager
def _without_logs() -> Iterator[None]:
    """Keep the client's log off the screen: what matters of it is raised."""
    before = {name: logging.getLogger(name).level for name in _LOGS}
    for name in _LOGS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
