"""`ntk-verify derive` and `ntk-verify gallery`: what they print and write, and one message for each bad input."""

import json
import re
from pathlib import Path

import pytest
import sympy as sp

from derivations.duals import Dual, NoClosedForm, dual
from derivations.language import FUNCTIONS, parse
from derivations.numerical_duals import NumericalDual
from verify import activation
from verify import gallery as shown
from verify.cli import invoke
from verify.cli.derive import GRAMMAR, slug
from verify.dual_result import DualResult, digits_of
from verify.errors import InputError
from verify.evidence import Ball

LEAKY = "max(x,0) + 0.1*min(x,0)"


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command in an empty folder; returns the exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = invoke(arguments)
        return code, *capsys.readouterr()

    return run


def written(folder: Path) -> DualResult:
    return DualResult.model_validate_json((folder / "dual.json").read_text(encoding="utf-8"))


def test_a_closed_form_is_printed_proved_and_written(cli, tmp_path: Path) -> None:
    code, out, _ = cli("derive", LEAKY)
    assert code == 0
    for part in (
        "σ(x) = ReLU(x) − ReLU(−x)/10",
        "κ(ρ) = 81 ρ arcsin(ρ)/(200 π) + 121 ρ/400 + 81 √(1 − ρ²)/(200 π)",
        "κ̇(ρ) = 81 arcsin(ρ)/(200 π) + 121/400",
        "proved in ",
        "Both agree with their definitions",
        "c_σ = 200/101 = 1.980198019801980",
        "edge of chaos",
        "fixed point ρ* = 1, marginal",
        "  1/2   0.2966441013229129",
    ):
        assert part in out
    assert "\x1b" not in out
    folder = tmp_path / "out" / "derive" / slug(LEAKY)
    assert {path.name for path in folder.iterdir()} == {"dual.json", "proof.json", "plot.svg", "report.html"}
    result = written(folder)
    assert result.closed_form
    assert result.proved
    assert all(row.agrees for row in result.rows)
    assert result.rows[-1].deep_ntk is not None
    assert float(result.rows[-1].deep_ntk.mid) == pytest.approx(4)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert "default-src &#39;none&#39;" in page
    assert "<script></script>" in page
    assert not re.search(r'(src|href)="https?:', page)
    assert (folder / "plot.svg").read_text(encoding="utf-8").count("<svg") == 1


def test_without_a_closed_form_it_says_why_and_gives_certified_numbers(cli, tmp_path: Path) -> None:
    code, out, _ = cli("derive", "tanh(x)", "--depth", "2", "--out", "mine")
    assert code == 0
    assert "No closed form is known: tanh(x) is neither polynomial" in out
    assert "0.1863244132034481" in out
    assert "fixed point ρ* = 0, attracting" in out
    result = written(tmp_path / "mine")
    assert not result.closed_form
    assert not (tmp_path / "mine" / "proof.json").exists()
    half = next(row for row in result.rows if row.rho == "1/2")
    assert half.covariance.mid.startswith("0.18632441320344808610")
    assert float(half.covariance.rad) < 1e-20


def test_an_activation_that_jumps_has_no_tangent_kernel(cli) -> None:
    code, out, _ = cli("derive", "step(x)")
    assert code == 0
    assert "σ jumps by 1 at 0, so its derivative has a point mass" in out
    assert "χ = c_σ κ̇(1) = ∞" in out


def test_json_is_the_file_and_latex_the_formulas(cli, tmp_path: Path) -> None:
    code, out, _ = cli("derive", "sin(2*x)", "--json", "--out", "a")
    assert code == 0
    assert json.loads(out) == json.loads((tmp_path / "a" / "dual.json").read_text(encoding="utf-8"))
    code, out, _ = cli("derive", "sin(2*x)", "--latex", "--out", "a")
    assert code == 0
    assert r"\kappa\left(\rho\right) =" in out


def test_a_folder_of_the_same_activation_is_refreshed(cli, tmp_path: Path) -> None:
    assert cli("derive", "x^2", "--out", "a")[0] == 0
    assert cli("derive", "x * x", "--out", "a", "--depth", "5")[0] == 0
    assert written(tmp_path / "a").depth == 5


def test_a_folder_of_another_activation_is_left_alone(cli, tmp_path: Path) -> None:
    assert cli("derive", "x^2", "--out", "a")[0] == 0
    before = (tmp_path / "a" / "dual.json").read_bytes()
    code, out, err = cli("derive", "x^3", "--out", "a")
    assert (code, out) == (2, "")
    assert "The folder a holds another activation, 'x^2'; nothing was written. Choose another with --out DIR." in err
    assert (tmp_path / "a" / "dual.json").read_bytes() == before


def test_a_foreign_folder_is_left_alone(cli, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "dual.json").write_text("[1, 2]")
    code, _, err = cli("derive", "x^2", "--out", "thesis")
    assert code == 2
    assert "is not empty and holds no results of ntk-verify derive; nothing was written." in err
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["dual.json"]


def test_a_mistake_in_the_formula_is_shown_with_a_caret(cli, tmp_path: Path) -> None:
    code, out, err = cli("derive", "max(x,0) + mni(x,0)")
    assert (code, out) == (2, "")
    assert err == (
        "ntk-verify: there is no function 'mni'; did you mean 'min'?\n"
        "  max(x,0) + mni(x,0)\n"
        "             ^\n"
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["exp(x^2)"], "E[sigma(z)^2] is infinite, as the coefficient of x^2 in an exponent is 1, not below 1/4."),
        (["tanh(x)*exp(0.3*x^2)"], "the expectation diverges, or is not known to converge"),
        (["exp(exp(x))"], "no bound is known for the growth of exp(exp(x))"),
        (["max(sin(x), cos(x))"], "is not at an affine function of x"),
        (["x - x"], "vanishes"),
        (["x", "--depth", "0"], "--depth must be 1 or more."),
        (["x", "--depth", "101"], "--depth is at most 100, and --digits at most 40."),
        (["x", "--digits", "x"], "--digits must be a whole number, not 'x'."),
        (["1/x"], "the function has no real value at x = 0"),
    ],
)
def test_what_has_no_dual_says_why(cli, arguments: list[str], said: str) -> None:
    code, out, err = cli("derive", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_the_help_names_every_function_of_the_language() -> None:
    words = set(re.findall(r"\w+", " ".join(GRAMMAR)))
    assert set(FUNCTIONS) - {"heaviside"} <= words


@pytest.mark.parametrize(
    ("ball", "shown"),
    [
        (Ball(mid="0.123456789", rad="1e-5"), "0.1235"),
        (Ball(mid="0.123456789", rad="6e-5"), "0.123"),
        (Ball(mid="-12345.678", rad="0.5"), "-12346"),
        (Ball(mid="0", rad="1e-30"), "0 ± 1e-30"),
        (Ball(mid="3", rad="0"), "3"),
        (Ball(mid="0", rad="inf"), "?"),
    ],
)
def test_only_certain_digits_are_shown(ball: Ball, shown: str) -> None:
    assert digits_of(ball) == shown


# The gallery

GALLERY = shown.gallery()


def test_the_gallery_is_large() -> None:
    assert len(GALLERY) >= 50
    assert len({name for name, _ in GALLERY}) == len(GALLERY)


@pytest.mark.parametrize("expression", [f for _, f in GALLERY], ids=[name for name, _ in GALLERY])
def test_every_activation_of_the_gallery_is_certified_against_its_definition(expression: sp.Expr) -> None:
    rho = sp.Rational(1, 3)
    defined = NumericalDual(expression)
    try:
        found = dual(expression)
    except NoClosedForm as why:
        assert str(why)
        found = defined
        series = defined.series(12, digits=12)
        value = defined.at(rho, digits=10)
        partial = sum((w * sp.Rational(1, 3**k).p / 3**k for k, w in enumerate(series.coefficients)), start=0)
        assert abs(float((value - partial).mid())) <= float(series.rest) / 3**13 + 1e-10
    if isinstance(found, Dual):
        from numerics.balls import enclose

        assert enclose(found.at(rho), {}, digits=20).overlaps(defined.at(rho, digits=20))
        if not found.jump:
            slope = NumericalDual(found.derivative).at(rho, digits=20)
            assert enclose(found.derivative_at(rho), {}, digits=20).overlaps(slope)


def test_a_wrong_dual_does_not_agree_with_the_definition() -> None:
    from numerics.balls import enclose

    defined = NumericalDual(parse(LEAKY)).at(sp.S.Half, digits=30)
    right = dual(parse(LEAKY)).at(sp.S.Half)
    assert enclose(right, {}, digits=30).overlaps(defined)
    for wrong in (right * (1 + sp.Rational(1, 10**25)), -right, dual(parse("relu(x)")).at(sp.S.Half)):
        assert not enclose(wrong, {}, digits=30).overlaps(defined)


def test_a_kinked_activation_without_a_closed_form_is_studied() -> None:
    result, proof = activation.study("clip(x)", depth=2, digits=12)
    assert not proof
    assert "bivariate normal distribution function" in result.reason
    assert result.phase == "chaos"
    assert [point.kind for point in result.fixed_points] == ["repelling", "attracting", "repelling"]


def test_what_cannot_be_integrated_raises_input_error() -> None:
    with pytest.raises(InputError, match="has no dual"):
        activation.study("exp(x^2)")


def test_the_gallery_is_printed(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [entry for entry in GALLERY if entry[0] in ("ReLU", "tanh", "shifted step")]
    monkeypatch.setattr(shown, "gallery", lambda: some)
    code, out, _ = cli("gallery")
    assert code == 0
    assert "ReLU          closed form  2 " in out
    assert "tanh          numbers      2.536175433  1.177807232  chaos" in out
    assert "shifted step  numbers      6.302974375  ∞" in out
    assert [line["name"] for line in json.loads(cli("gallery", "--json")[1])] == ["ReLU", "tanh", "shifted step"]
