"""The store of evidence: what it keeps, and that what is not a store of ours stays as it was."""

import multiprocessing
import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from verify.store import Store, StoreError, default_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "evidence.sqlite"


def filled(path: Path, count: int = 3) -> None:
    with Store(path) as store:
        for number in range(count):
            store.put(f"k{number}", kind="cell", body=f'{{"n": {number}}}', seconds=number / 2)


def test_what_was_put_is_found_again(path: Path) -> None:
    filled(path)
    with Store(path) as store:
        found = store.get("k1")
        assert found is not None
        assert (found.body, found.seconds) == ('{"n": 1}', 0.5)
        assert store.get("k9") is None
        assert len(store) == 3


def test_putting_again_replaces(path: Path) -> None:
    with Store(path) as store:
        store.put("k", kind="cell", body="1", seconds=1.0)
        store.put("k", kind="cell", body="2", seconds=1.0)
        found = store.get("k")
        assert found is not None and found.body == "2"
        assert len(store) == 1


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    filled(tmp_path / "empty")


def test_the_place_is_settable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NTK_VERIFY_STORE", str(tmp_path / "mine.sqlite"))
    assert default_path() == tmp_path / "mine.sqlite"
    monkeypatch.delenv("NTK_VERIFY_STORE")
    assert default_path().name == "evidence.sqlite"


def foreign_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE songs (title)")
    db.close()


def text(path: Path) -> None:
    path.write_text("dear diary\n" * 50)


def truncated(path: Path) -> None:
    filled(path, 200)
    checkpoint(path)
    path.write_bytes(path.read_bytes()[:-4096])


def scribbled(path: Path) -> None:
    filled(path, 200)
    checkpoint(path)
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)


def newer(path: Path) -> None:
    filled(path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    checkpoint(path)


def checkpoint(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (foreign_sqlite, "is not a store of evidence of ntk-verify"),
        (text, "is not a store of evidence of ntk-verify"),
        (truncated, "is damaged; it was left untouched: remove it or name another.$"),
        (scribbled, "is damaged; it was left untouched: remove it or name another.$"),
        (newer, "has format 99, this version reads format 1"),
    ],
)
def test_a_file_that_is_not_a_sound_store_is_reported_and_left_untouched(tmp_path: Path, make, said: str) -> None:
    path = tmp_path / "file"
    make(path)
    before = path.read_bytes(), path.stat().st_mtime_ns
    with pytest.raises(StoreError, match=said) as caught:
        Store(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_body_that_changed_on_disk_is_noticed(path: Path) -> None:
    filled(path)
    checkpoint(path)
    path.write_bytes(path.read_bytes().replace(b'{"n": 1}', b'{"n": 7}'))
    with Store(path) as store, pytest.raises(StoreError, match="does not match its checksum"):
        store.get("k1")


def test_a_folder_or_an_impossible_place_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used: Is a directory"):
        Store(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "file" / "evidence.sqlite")


def put_many(path: Path, name: str, count: int) -> None:
    with Store(path) as store:
        for number in range(count):
            store.put(f"{name}{number}", kind="cell", body="1" * 2000, seconds=0.0)


def test_several_processes_share_one_store(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=put_many, args=(path, name, 100)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with Store(path) as store:
        assert len(store) == 300


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_kill_loses_nothing_that_was_put(path: Path) -> None:
    writer = multiprocessing.get_context("spawn").Process(target=put_many, args=(path, "a", 10**6))
    writer.start()
    deadline = time.monotonic() + 30
    before = 0
    while before < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
        if path.exists() and path.stat().st_size:
            with Store(path) as store:
                before = len(store)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    with Store(path) as store:
        after = len(store)
        assert after >= before >= 20
        assert all(store.get(f"a{number}") for number in range(after))
