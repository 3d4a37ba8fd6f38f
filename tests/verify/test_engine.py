"""Tasks on a real Dask cluster: the same bytes as here, whatever becomes of its workers."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import flint
import pytest
from runs import Watch, same, start, wait_for, wait_for_evidence

from verify import ledger
from verify import run as engine
from verify.cli import invoke
from verify.engine import answers, cluster
from verify.engine.answers import WORKER_DIED
from verify.engine.cluster import Cluster
from verify.errors import InputError
from verify.experiment import Profile
from verify.keys import versions
from verify.plan import Plan
from verify.store import Store
from verify.tasks import Ledger

distributed = pytest.importorskip("distributed")
HERE = Path(__file__).parent


@contextmanager
def program(name: str, *options: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `dask scheduler` or `dask worker` on this machine alone, knowing the example ledger."""
    paths = os.pathsep.join([str(HERE), str(HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    running = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{name}", *here, *options],
        env={**os.environ, "PYTHONPATH": paths, "NTK_VERIFY_LEDGER": "example_ledger", **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@contextmanager
def scheduler(folder: Path, **variables: str) -> Iterator[str]:
    """A scheduler without workers; gives its address."""
    file = folder / "scheduler.json"
    with program("scheduler", "--port", "0", "--scheduler-file", str(file), **variables):
        wait_for(lambda: file.exists() and file.stat().st_size > 0, "no scheduler started")
        yield json.loads(file.read_text())["address"]


@contextmanager
def workers_of(
    address: str, folder: Path, count: int = 1, **variables: str
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Workers of one process each; gives the processes by their addresses."""
    options = (address, "--no-nanny", "--nthreads", "1", "--local-directory", str(folder))
    with ExitStack() as stack:
        with distributed.Client(address, set_as_default=False) as client:
            before = set(client.nthreads())
            started = [stack.enter_context(program("worker", *options, **variables)) for _ in range(count)]
            wait_for(lambda: len(client.nthreads()) == len(before) + count, "the workers did not start")
            pids = client.run(os.getpid, workers=[its for its in client.nthreads() if its not in before])
        processes = {process.pid: process for process in started}
        yield {its: processes[pid] for its, pid in pids.items()}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of one worker."""
    folder = tmp_path_factory.mktemp("cluster")
    with scheduler(folder) as address, workers_of(address, folder, EXAMPLE_SLEEP="0.2"):
        yield address


@pytest.fixture
def claims(example: str):
    return ledger.load(example)


@pytest.fixture
def expected(claims, tmp_path: Path):
    """What is found in this process."""
    with Store(tmp_path / "here.sqlite") as store:
        return engine.verify(list(claims.values()), store=store)


def tasks_of_the_rate(claims):
    book = Ledger(claims.values())
    return dict(Plan([claims["be-spread"]], book, profile=Profile.QUICK, seed=0).tasks), book


def test_a_cluster_finds_the_same_bytes(claims, expected, address: str, tmp_path: Path) -> None:
    with Store(tmp_path / "there.sqlite") as store, Cluster(address) as workers:
        found = engine.verify(list(claims.values()), store=store, engine=workers)
    assert same(expected, found)


def test_what_was_computed_before_makes_no_difference(monkeypatch) -> None:
    def integral(bits: int, _: object) -> SimpleNamespace:
        with flint.ctx.workprec(bits):
            found = flint.acb.integral(lambda x, _: x * x * x, 0, 3).real
        return SimpleNamespace(model_dump_json=lambda: str((found.mid().man_exp(), found.rad().man_exp())))

    monkeypatch.setattr(answers, "compute", integral)
    first, _, again = (answers.answer("integral", bits, None) for bits in (100, 700, 100))
    assert first.body == again.body != ""


def tasks_held(address: str) -> int:
    """How many tasks a cluster knows of."""
    with distributed.Client(address, set_as_default=False) as client:
        return int(client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))


def test_a_cluster_answers_several_times_and_keeps_nothing(claims, address: str) -> None:
    tasks, book = tasks_of_the_rate(claims)
    with Cluster(address) as workers:
        first, second = ({found.key: found.body for found in workers.answers(tasks, book, str)} for _ in range(2))
    assert first == second
    assert set(first) == set(tasks)
    wait_for(lambda: tasks_held(address) == 0, "the cluster keeps tasks")


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_what_a_killed_worker_had_is_computed_by_others(claims, expected, address: str, tmp_path: Path) -> None:
    with (
        workers_of(address, tmp_path) as started,
        distributed.Client(address, set_as_default=False) as client,
        Store(tmp_path / "there.sqlite") as store,
        Cluster(address) as workers,
    ):
        ((its_address, victim),) = started.items()
        # Stopped, it takes tasks and answers none.
        victim.send_signal(signal.SIGSTOP)
        lost: list[str] = []

        def kill() -> None:
            lost.extend(client.processing()[its_address])
            victim.kill()

        watch = Watch(first=kill)
        found = engine.verify(list(claims.values()), store=store, engine=workers, progress=watch)
        assert len(store) == watch.total
    assert lost
    assert len(watch.computed) == watch.total
    assert same(expected, found)


def test_a_task_that_kills_every_worker_is_blamed_alone(claims, tmp_path: Path) -> None:
    tasks, book = tasks_of_the_rate(claims)
    with (
        scheduler(tmp_path, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as address,
        workers_of(address, tmp_path, 3, EXAMPLE_DEADLY_WIDTH="64"),
        Cluster(address) as workers,
    ):
        answers = list(workers.answers(tasks, book, str))
    assert {answer.key for answer in answers} == set(tasks)
    assert len(answers) == len(tasks)
    (blamed,) = [answer for answer in answers if answer.error]
    assert blamed.error == WORKER_DIED
    assert book.cell(tasks[blamed.key])[1]["m"] == 64


def test_a_cluster_that_loses_all_it_has_is_given_up(claims, tmp_path: Path, monkeypatch) -> None:
    tasks, book = tasks_of_the_rate(claims)
    monkeypatch.setattr(cluster, "_CONNECTING", 1.0)
    monkeypatch.setattr(cluster, "_WITHOUT_WORKERS", 0.5)
    with scheduler(tmp_path) as address:
        with pytest.raises(InputError, match="has no workers; start one: dask worker tcp"), Cluster(address):
            pass
        with workers_of(address, tmp_path, EXAMPLE_SLEEP="60") as started, Cluster(address) as workers:
            answers = workers.answers(tasks, book, lambda _: [process.kill() for process in started.values()])
            with pytest.raises(InputError, match="has no workers"):
                next(answers)


def test_a_lost_scheduler_ends_the_run(claims, tmp_path: Path) -> None:
    tasks, book = tasks_of_the_rate(claims)
    with ExitStack() as running, ExitStack() as working:
        address = running.enter_context(scheduler(tmp_path))
        working.enter_context(workers_of(address, tmp_path, EXAMPLE_SLEEP="0.5"))
        with Cluster(address) as workers:
            answers = workers.answers(tasks, book, str)
            assert not next(answers).error
            running.close()
            with pytest.raises(InputError, match="is lost; run again to resume"):
                list(answers)


def test_workers_compute_with_what_this_machine_has(claims, address: str, monkeypatch) -> None:
    tasks, book = tasks_of_the_rate(claims)
    with Cluster(address) as workers:
        other = {name[::-1]: task for name, task in tasks.items()}
        with pytest.raises(InputError, match=r"The worker tcp://.* has other sources than this machine"):
            list(workers.answers(other, book, str))
        monkeypatch.setattr(cluster, "versions", lambda: {**versions(), "numpy": "1.0"})
        with pytest.raises(InputError, match=r"The worker tcp://.* has numpy [\d.]+, not 1\.0; install there"):
            list(workers.answers(tasks, book, str))
        monkeypatch.undo()
        monkeypatch.setenv("NTK_VERIFY_LEDGER", "elsewhere")
        with pytest.raises(InputError, match=r"The worker tcp://.*: The ledger 'elsewhere' cannot be imported"):
            list(workers.answers(tasks, book, str))


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_takes_the_tasks_back_and_leaves_the_cluster_running(claims, address: str, tmp_path: Path) -> None:
    run = start(tmp_path, "out", "--engine", "dask", "--scheduler", address)
    wait_for_evidence(tmp_path / "evidence.sqlite", 1)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert f"this resumes: ntk-verify run be-spread --out {tmp_path / 'out'} --engine dask" in said.splitlines()[-1]
    assert "Traceback" not in said
    wait_for(lambda: tasks_held(address) == 0, "tasks are left on the cluster")
    watch = Watch()
    with Store(tmp_path / "evidence.sqlite") as store, Cluster(address) as workers:
        engine.verify([claims["be-spread"]], store=store, engine=workers, progress=watch)
    assert 1 <= watch.stored < watch.total
    assert len(watch.computed) == watch.total - watch.stored


# Bad usage: one sentence


ADDRESS = "tcp://127.0.0.1:8786"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "dusk"], "--engine 'dusk' is not known; did you mean 'dask'?"),
        (["--engine", "dask"], "--engine dask needs --scheduler, an address such as tcp://127.0.0.1:8786."),
        (["--scheduler", ADDRESS], "--scheduler goes with --engine dask."),
        (["--engine", "dask", "--scheduler", "here"], "--scheduler must be an address such as tcp://127.0.0.1:8786"),
        (["--engine", "dask", "--scheduler", ADDRESS, "--jobs", "2"], "--jobs goes with --engine local"),
    ],
)
def test_bad_usage_is_one_sentence(capsys, options: list[str], said: str) -> None:
    assert invoke(["run", *options]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECTING", 0.5)
    with (
        pytest.raises(InputError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:1\."),
        Cluster("tcp://127.0.0.1:1"),
    ):
        pass


def test_without_the_extra_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'ntk-verify\[cluster\]'"):
        Cluster(ADDRESS)
