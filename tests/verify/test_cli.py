"""The command line: what it prints, its exit codes, and one sentence for each bad input."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import verify.cli.run
from verify import ledger
from verify.cli import invoke
from verify.cli.options import complete_claim
from verify.execute import gather
from verify.store import Store, default_path
from verify.waivers import DEFAULT, read


@pytest.fixture
def cli(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command in an empty folder; returns the exit code, standard output and standard error."""
    request.getfixturevalue("example")
    monkeypatch = request.getfixturevalue("monkeypatch")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NTK_VERIFY_STORE", str(tmp_path / "cache" / "evidence.sqlite"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(verify.cli.run, "REPORTS", ["summary.md"])

    def run(*arguments: str) -> tuple[int, str, str]:
        code = invoke(arguments)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def done(cli, tmp_path: Path) -> Path:
    """The results file of a finished run in `out`."""
    assert cli("run", "--jobs", "1")[0] == 0
    return tmp_path / "out" / "results.json"


def one_sentence(said: str) -> bool:
    return said.count("\n") == 1 and said.startswith("ntk-verify: ") and "Traceback" not in said


# What it prints


def test_a_run_prints_the_verdicts_and_where_the_files_are(cli, tmp_path: Path) -> None:
    code, out, _ = cli("run", "--jobs", "1")
    assert code == 0
    assert "kw-sign    REFUTED, corrected: PROVED" in out
    assert "7 of 7 mutants refuted" in out
    assert "Everything is as the ledger expects." in out
    assert out.rstrip().endswith("Written to out: results.json, summary.md, proofs/")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"results.json", "summary.md", "proofs"}


def test_a_run_that_is_not_as_expected_says_why_and_how_to_repeat_it(cli, package, monkeypatch) -> None:
    text = (Path(__file__).parent / "example_ledger" / "claims.py").read_text()
    text = text.replace("rhs=t**2 + 2 * t + 1, ", "rhs=t**2 + 2 * t + 3, ")
    monkeypatch.setenv("NTK_VERIFY_LEDGER", package(text))
    code, out, _ = cli("run", "im-square", "--jobs", "1", "--seed", "5")
    assert code == 1
    assert "REFUTED (expected PROVED)" in out
    assert "printed, balls: REFUTED." in out
    assert "again: ntk-verify run im-square --seed 5 --profile quick --fresh" in out
    assert "Not everything is as the ledger expects." in out


def test_json_is_the_results_and_nothing_else(cli) -> None:
    code, out, _ = cli("run", "im-square", "--jobs", "1", "--json")
    assert code == 0
    assert [claim["id"] for claim in json.loads(out)["claims"]] == ["im-square"]


def test_list_filters(cli) -> None:
    assert "4 claims" in cli("list")[1]
    found = {
        option: [claim["id"] for claim in json.loads(cli("list", "--json", *option)[1])]
        for option in [("--document", "kw"), ("--kind", "rate"), ("--document", "im", "--kind", "rate")]
    }
    assert list(found.values()) == [["kw-sign"], ["be-spread"], []]


@pytest.mark.usefixtures("done")
def test_list_filters_by_the_verdicts_of_the_last_run(cli) -> None:
    found = json.loads(cli("list", "--verdict", "REFUTED", "--json")[1])
    assert [(claim["id"], claim["verdict"]) for claim in found] == [("kw-sign", "REFUTED")]


@pytest.mark.usefixtures("done")
def test_show_tells_a_claim_with_its_evidence(cli) -> None:
    code, out, _ = cli("show", "im-square")
    assert code == 0
    for part in (
        "The square of a sum",
        "As printed\n  (t + 1)² = t² + 2 t + 1",
        "• t is real.",
        "Statement (printed, identity)",
        "(t + 1)² = t² + 2 t + 1",
        "• no cross term: 2 t ≠ 0.",
        "Evidence: expansion (printed form)",
        "expand [identity] Expand.\n      (t + 1)² = t² + 2 t + 1",
        "PROVED  (expected PROVED); 4 of 4 mutants refuted",
    ):
        assert part in out


def test_show_derives_now_when_there_is_no_evidence_yet(cli) -> None:
    out = cli("show", "im-square")[1]
    assert "Derivation: expansion (printed form), derived now\n  expand [identity] Expand.\n      (t + 1)² =" in out
    assert "none yet; first: ntk-verify run im-square" in out


def test_show_says_what_a_derivation_leaves_open(cli, package, monkeypatch) -> None:
    text = (Path(__file__).parent / "example_ledger" / "claims.py").read_text()
    monkeypatch.setenv("NTK_VERIFY_LEDGER", package(text.replace("rhs=t**2 + 2 * t + 1, ", "rhs=t**2 + 2 * t + 3, ")))
    out = cli("show", "im-square")[1]
    assert "\n      left open: -2\n" in out
    assert "\n  does not reach the statement\n" in out


def test_a_derivation_that_fails_is_shown_as_such(cli, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no rule applies")

    monkeypatch.setattr("verify.tasks.derive", broken)
    code, out, _ = cli("show", "im-square")
    assert code == 0
    assert "derived now\n  fails (ValueError: no rule applies)" in out


def test_show_in_latex_and_json(cli) -> None:
    assert "t^{2}" in cli("show", "im-square", "--latex")[1]
    lines = cli("show", "kw-sign", "--latex")[1].splitlines()
    assert [line for line in lines if line.startswith("%")] == ["% printed form", "% corrected form"]
    shown = json.loads(cli("show", "kw-sign", "--json")[1])
    assert [form["role"] for form in shown["forms"]] == ["printed", "corrected"]
    assert shown["result"] is None


def test_compare_finds_what_got_worse(cli, done: Path, tmp_path: Path) -> None:
    code, out, _ = cli("compare", str(done), str(done))
    assert (code, out) == (0, "No verdict changed, and no measured number moved beyond its interval.\n")
    data = json.loads(done.read_text())
    data["claims"][0].update(verdict="INCONCLUSIVE", ok=False)
    (tmp_path / "head.json").write_text(json.dumps(data))
    code, out, _ = cli("compare", str(done), "head.json")
    assert (code, out) == (1, "worse    im-square · claim: PROVED → INCONCLUSIVE\n")
    code, out, _ = cli("compare", str(done), "head.json", "--json")
    assert code == 1
    assert json.loads(out)["verdicts"][0]["worse"]


def test_compare_with_a_partial_run_names_few_of_the_claims_that_are_gone(cli, done: Path, tmp_path: Path) -> None:
    data = json.loads(done.read_text())
    many = [{**data["claims"][0], "id": f"im-square-{number}"} for number in range(6)]
    (tmp_path / "base.json").write_text(json.dumps({**data, "claims": many}))
    out = cli("compare", "base.json", str(done))[1].splitlines()
    assert out[1:] == [
        "6 claims only in the first file: im-square-0, im-square-1, im-square-2, im-square-3 and 2 more",
        "4 claims only in the second file: im-square, kw-sign, be-spread, ds-prose",
    ]
    shown = json.loads(cli("compare", "base.json", str(done), "--json")[1])
    assert len(shown["only_base"]) == 6


def test_a_run_without_chance_says_so(cli) -> None:
    out = cli("run", "im-square", "--jobs", "1")[1]
    assert "mutants refuted. Nothing was left to chance." in out


def test_schema_describes_a_results_file(cli) -> None:
    published = json.loads(cli("schema")[1])
    assert {"schema_version", "run", "claims", "summary"} <= published["properties"].keys()


def test_help_teaches(cli) -> None:
    for command in ([], ["run"], ["list"], ["show"], ["report"], ["compare"], ["schema"], ["derive"], ["gallery"]):
        code, out, _ = cli(*command, "--help")
        assert code == 0
        assert "Examples" in out


def test_help_names_the_store_and_no_types_of_python(monkeypatch) -> None:
    monkeypatch.delenv("NTK_VERIFY_STORE", raising=False)
    said = process("run", "--help", COLUMNS="300").stdout
    assert f"Evidence is kept in\n\n   {default_path()}" in "\n".join(line.rstrip() for line in said.splitlines())
    assert "<bool>" not in said
    assert "int range" not in said


@pytest.mark.usefixtures("example")
def test_claims_complete() -> None:
    assert complete_claim("im") == [("im-square", "The square of a sum")]


def test_no_colours_without_a_terminal(cli) -> None:
    assert "\x1b" not in cli("list")[1]


# Bad input: one sentence, the right exit code, nothing overwritten


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "im-sqare"], "There is no claim 'im-sqare'; did you mean 'im-square'?"),
        (["show", "zzz"], "There is no claim 'zzz'; see: ntk-verify list."),
        (["rnu"], "No such command 'rnu'. Did you mean 'run'?"),
        (["run", "--profile", "quikc"], "--profile 'quikc' is not known; did you mean 'quick'?"),
        (["run", "--seed", "-1"], "--seed must be 0 or more."),
        (["run", "--seed", "x"], "--seed must be a whole number, not 'x'."),
        (["run", "--jobs", "0"], "--jobs must be 1 or more."),
        (["run", "--sed", "1"], "No such option: --sed"),
        (["list", "--kind", "rat"], "--kind 'rat' is not known; did you mean 'rate'?"),
        (["list", "--document", "xx"], "--document 'xx' is not known; choose from im, kw, l12, be, ds"),
        (["list", "--verdict", "PROVED"], "There are no results in out to read verdicts from; first: ntk-verify run."),
        (["report"], "The results file out/results.json cannot be read: No such file or directory."),
        (["compare", "a.json", "b.json"], "The results file a.json cannot be read: No such file or directory."),
        (["--ledger", "nowhere", "list"], "The ledger 'nowhere' cannot be imported"),
        (["run", "--waivers", "w.toml"], "The waivers w.toml cannot be read: No such file or directory."),
        (["run", "--store", "."], "The store . cannot be used: Is a directory."),
    ],
)
def test_bad_usage_is_one_sentence(cli, arguments: list[str], said: str) -> None:
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert one_sentence(err)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda text: text[: len(text) // 2], "is truncated"),
        (lambda _: "hello", "is not JSON"),
        (lambda _: "[1, 2]", "is JSON, but not a results file of ntk-verify."),
        (lambda _: '{"a": 1}', "is JSON, but not a results file of ntk-verify."),
        (lambda text: text.replace('"schema_version": 1', '"schema_version": 9'), "has schema version 9"),
        (lambda text: text.replace('"PROVED"', '"PROVEN"', 1), "does not follow the results schema: "),
    ],
)
@pytest.mark.parametrize("command", [["compare", "bad.json", "out/results.json"], ["report", "--results", "bad.json"]])
def test_a_bad_results_file_is_reported_and_left_alone(cli, done: Path, command, make, said: str) -> None:
    tmp_path = done.parent.parent
    bad = tmp_path / "bad.json"
    bad.write_text(make(done.read_text()))
    before = bad.read_bytes(), sorted(path.name for path in tmp_path.iterdir())
    code, out, err = cli(*command)
    assert (code, out) == (2, "")
    assert said in err
    assert one_sentence(err)
    assert (bad.read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == before


def test_a_folder_that_is_not_ours_is_refused(cli, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "results.json").write_text('{"mine": true}')
    code, _, err = cli("run", "--out", "thesis", "--jobs", "1")
    assert code == 2
    assert "The folder thesis is not empty and holds no results of ntk-verify; nothing was written." in err
    assert one_sentence(err)
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["results.json"]
    assert (tmp_path / "thesis" / "results.json").read_text() == '{"mine": true}'


def test_a_file_in_place_of_the_folder_is_refused(cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for out in ("file", "file/out"):
        code, _, err = cli("run", "--out", out, "--jobs", "1")
        assert code == 2
        assert one_sentence(err)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_of_ours_is_written_again(cli, done: Path) -> None:
    assert cli("run", "im-square", "--jobs", "1")[0] == 0
    assert len(json.loads(done.read_text())["claims"]) == 1


def test_a_store_that_is_not_ours_is_left_alone(cli, tmp_path: Path) -> None:
    (tmp_path / "songs.sqlite").write_bytes(b"SQLite format 3\0" + bytes(200))
    before = (tmp_path / "songs.sqlite").read_bytes()
    code, _, err = cli("run", "--store", "songs.sqlite")
    assert code == 2
    assert "songs.sqlite is not a store of evidence of ntk-verify; it was left untouched." in err
    assert one_sentence(err)
    assert (tmp_path / "songs.sqlite").read_bytes() == before


def test_a_typo_in_a_ledger_is_one_sentence(cli, package, monkeypatch) -> None:
    text = (Path(__file__).parent / "example_ledger" / "claims.py").read_text()
    monkeypatch.setenv("NTK_VERIFY_LEDGER", package(text.replace("hypotheses=()", "hypothesis=()", 1)))
    code, out, err = cli("list")
    assert (code, out) == (2, "")
    assert "family.py, line " in err
    assert "claim be-spread, field hypothesis: Claim has no field 'hypothesis'; did you mean 'hypotheses'?" in err
    assert one_sentence(err)


WAIVER = '[[waiver]]\nclaim = "{}"\nreason = "{}"\nexpires = {}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WAIVER.format("im-sqare", "Being rewritten.", "2999-01-01"), "matches no claim; did you mean 'im-square'?"),
        (WAIVER.format("im-square", "Being rewritten.", "2001-01-01"), "for im-square expired on 2001-01-01."),
        (WAIVER.format("im-square", "Being rewritten.", "2999-01-01"), "its waiver matches nothing: remove it."),
        (WAIVER.format("im-square", "", "2999-01-01"), "the 'reason' of waiver 1 is not a sentence of ten"),
        ('[[waiver]]\nclam = "im-square"\n', "waiver 1 has no 'claim'."),
        ("[[waivers]]\n", "'waivers' is not known, or no list; a waiver starts with [[waiver]]."),
        (2 * WAIVER.format("im-square", "Being rewritten.", "2999-01-01"), "there are two waivers for im-square."),
        ("waiver = [", "are not TOML"),
    ],
)
def test_a_waiver_that_does_not_hold_is_an_error(cli, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "waivers.toml").write_text(text)
    code, _, err = cli("run", "im-square", "--jobs", "1", "--waivers", "waivers.toml")
    assert code == 2
    assert said in err
    assert "Traceback" not in err


def test_a_bad_waiver_is_found_before_any_claim_runs(cli, tmp_path: Path) -> None:
    (tmp_path / "waivers.toml").write_text(WAIVER.format("im-square", "Being rewritten.", "2001-01-01"))
    assert cli("run", "--waivers", "waivers.toml")[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["waivers.toml"]


def test_the_suite_waives_nothing_that_is_not_in_its_ledger(monkeypatch) -> None:
    monkeypatch.delenv("NTK_VERIFY_LEDGER", raising=False)
    assert read(DEFAULT, ledger.load(), datetime.date(2000, 1, 1)).keys() <= ledger.load().keys()


def test_a_bug_is_one_sentence_and_exit_code_3(cli, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("one\ntwo")

    monkeypatch.setattr("verify.run.gather", broken)
    code, _, err = cli("run", "--jobs", "1")
    assert code == 3
    assert "This is a bug in ntk-verify (RuntimeError: one two). Set NTK_VERIFY_DEBUG=1" in err
    assert "Traceback" not in err
    monkeypatch.setenv("NTK_VERIFY_DEBUG", "1")
    with pytest.raises(RuntimeError):
        cli("run", "--jobs", "1")


def test_an_interrupt_keeps_what_is_stored(cli, tmp_path: Path, monkeypatch) -> None:
    def interrupted(tasks, ledger, *, store, progress, **options):
        first = dict(list(tasks.items())[:1])
        gather(first, ledger, store=store, progress=progress, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr("verify.run.gather", interrupted)
    monkeypatch.setattr(sys, "argv", ["ntk-verify", "run", "--jobs", "1", "--fresh"])
    code, _, err = cli("run", "--jobs", "1", "--fresh")
    assert code == 130
    assert "Interrupted; the evidence finished so far is stored, and this resumes: ntk-verify run --jobs 1\n" in err
    with Store(tmp_path / "cache" / "evidence.sqlite") as store:
        assert len(store) == 1


# As a process


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verify", *arguments]
    environment = {**os.environ, **environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.usefixtures("example")
def test_python_m_verify_is_the_command_line() -> None:
    found = process("list", "--json")
    assert found.returncode == 0
    assert len(json.loads(found.stdout)) == 4


@pytest.mark.usefixtures("example")
def test_a_process_exits_with_2_and_without_a_traceback(tmp_path: Path) -> None:
    found = process("run", "nothing-like-it", "--out", str(tmp_path / "out"))
    assert found.returncode == 2
    assert one_sentence(found.stderr)
    assert not (tmp_path / "out").exists()


def test_the_shell_completes_commands() -> None:
    found = process(_NTK_VERIFY_COMPLETE="complete_bash", COMP_WORDS="ntk-verify r", COMP_CWORD="1")
    assert set(found.stdout.split()) == {"run", "report"}
