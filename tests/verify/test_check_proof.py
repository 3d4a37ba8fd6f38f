"""Proof files of a run and the command that replays them: what is written, hashed, accepted and rejected."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from verify.cli import invoke
from verify.files import write_proofs
from verify.proofs import file_name


@pytest.fixture
def cli(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command in an empty folder; returns the exit code, standard output and standard error."""
    request.getfixturevalue("example")
    monkeypatch = request.getfixturevalue("monkeypatch")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NTK_VERIFY_STORE", str(tmp_path / "evidence.sqlite"))
    monkeypatch.setattr("verify.cli.run.REPORTS", ["summary.md"])

    def run(*arguments: str) -> tuple[int, str, str]:
        code = invoke(arguments)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def proof(cli) -> Path:
    """The proof file of a run of one claim."""
    assert cli("run", "im-square", "--jobs", "1")[0] == 0
    (found,) = Path("out/proofs").iterdir()
    return found


def change(path: Path, **sides) -> None:
    data = json.loads(path.read_text())
    data["steps"][0].update(sides)
    path.write_text(json.dumps(data))


def test_a_run_writes_the_proofs_and_hashes_them(proof) -> None:
    results = json.loads(Path("out/results.json").read_text())
    routes = {route["name"]: route["evidence"]["proof"] for route in results["claims"][0]["routes"]}
    stored = [entry for entry in routes.values() if entry]
    assert stored == [{"file": f"proofs/{proof.name}", "sha256": hashlib.sha256(proof.read_bytes()).hexdigest()}]
    assert json.loads(proof.read_text())["proves"]["claim"] == "im-square"


def test_a_run_that_is_repeated_from_the_store_or_from_scratch_writes_the_same_bytes(cli, proof) -> None:
    first = proof.read_bytes()
    for options in ([], ["--fresh"]):
        proof.unlink()
        cli("run", "im-square", "--jobs", "1", *options)
        assert proof.read_bytes() == first


def test_proofs_of_an_earlier_run_do_not_stay(proof) -> None:
    (proof.parent / "notes.json").write_text("{}")
    write_proofs({"proofs/other.json": proof.read_text()}, Path("out"))
    assert {path.name for path in proof.parent.iterdir()} == {"other.json", "notes.json"}


def test_an_untouched_file_is_accepted(cli, proof) -> None:
    code, out, _ = cli("check-proof", str(proof))
    assert code == 0
    assert "accepted" in out
    assert "im-square · printed" in out
    assert "1 of 1 accepted. The trust base: SymPy, this replay." in out


def test_a_changed_file_is_rejected_with_both_sides_shown(cli, proof) -> None:
    change(proof, rhs=["Add", "t", "1"])
    code, out, _ = cli("check-proof", str(proof))
    assert code == 1
    assert "rejected at step expand" in out
    assert "right side" in out
    assert "t + 1" in out
    assert "left over" in out


def test_json_tells_a_program_the_same(cli, proof) -> None:
    good = json.loads(cli("check-proof", "--json", str(proof))[1])
    assert good[0]["accepted"]
    assert good[0]["sha256"] == hashlib.sha256(proof.read_bytes()).hexdigest()
    change(proof, rhs="t")
    code, out, _ = cli("check-proof", "--json", str(proof))
    assert code == 1
    assert json.loads(out)[0]["failure"]["step"] == "expand"


def test_what_is_no_proof_file_is_bad_input(cli, proof, tmp_path) -> None:
    whole = proof.read_text()
    for text, said in (
        (whole[:-40], "it is cut off"),
        ("hello", "it is not JSON"),
        ("{}", '"format": "ntk-verify proof"'),
        (whole.replace('"version": 1', '"version": 7'), "this replay reads version 1"),
        (whole.replace('["Pow", ', '["eval", ', 1), "'eval' is no node that a proof file may hold"),
    ):
        proof.write_text(text)
        code, out, err = cli("check-proof", str(proof))
        assert (code, out) == (2, "")
        assert said in err
    proof.write_bytes(b"\xff\xfe")
    assert "it is not text" in cli("check-proof", str(proof))[2]
    assert "cannot be read" in cli("check-proof", str(tmp_path / "none.json"))[2]
    assert cli("check-proof", str(tmp_path))[0] == 2


def test_names_of_files_hold_no_signs_that_a_shell_would_read() -> None:
    assert file_name("be-a", "printed", "Grönwall's argument") == "be-a--printed--gronwall-s-argument.json"
    assert file_name("be-a", "tested-2", "Σ") == "be-a--tested-2--route.json"
    assert os.sep not in file_name("be-a", "printed", "a/b")
