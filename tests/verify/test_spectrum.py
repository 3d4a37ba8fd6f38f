"""`ntk-verify spectrum`: what it prints and writes, that it is right, and one message for each bad input."""

import json
from pathlib import Path

import pytest

from numerics.spectra.spectrum import Distribution, multiplicity
from verify.cli import invoke
from verify.cli.spectrum import bar
from verify.errors import InputError
from verify.spectrum import study, variance
from verify.spectrum_result import SpectrumResult

SMALL = ("--activation", "relu", "--depth", "2", "--domain", "cube:6", "--bias-variance", "0.1")


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command in an empty folder; returns the exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = invoke(("spectrum", *arguments))
        return code, *capsys.readouterr()

    return run


def test_a_table_and_bars_are_printed(cli) -> None:
    code, out, _ = cli(*SMALL)
    assert code == 0
    for part in (
        "relu, 2 hidden layers, σ_w² = 2, σ_b² = 1/10, on {±1}^6",
        "Conjugate kernel (CK, NNGP), trace 2.3",
        "Tangent kernel (NTK), trace 6.6",
        "degree  multiplicity  place  eigenvalue",
        "L → ∞",
        "████████",
        "certified, to one unit in the last digit",
    ):
        assert part in out
    assert "\x1b" not in out


def test_json_is_the_result(cli) -> None:
    code, out, _ = cli(*SMALL, "--json", "--kernel", "ntk", "--digits", "30")
    assert code == 0
    result = SpectrumResult.model_validate_json(out)
    assert json.loads(out)["format"] == "ntk-verify spectrum"
    (found,) = result.spectra
    assert [row.multiplicity for row in found.eigenvalues] == [1, 6, 15, 20, 15, 6, 1]
    trace = sum(row.multiplicity * row.approximate for row in found.eigenvalues)
    assert trace == pytest.approx(float(found.trace.mid), rel=1e-12)
    assert all(row.eigenvalue and float(row.eigenvalue.rad) < 1e-29 for row in found.eigenvalues)
    assert sum(row.approximate_fraction for row in found.eigenvalues) == pytest.approx(1)
    assert result.bias_variance == "1/10"


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF")])
def test_the_spectrum_is_drawn(cli, tmp_path: Path, suffix: str, start: bytes) -> None:
    code, out, _ = cli(*SMALL, "--plot", f"figure{suffix}")
    assert code == 0
    assert f"Written to figure{suffix}" in out
    assert (tmp_path / f"figure{suffix}").read_bytes().startswith(start)


@pytest.mark.parametrize("domain", ["sphere:40", "gaussian:40"])
def test_other_inputs_have_the_multiplicities_of_harmonics_and_miss_a_part(cli, domain: str) -> None:
    asked = ("--activation", "erf", "--depth", "1", "--domain", domain, "--degree", "2", "--kernel", "ck")
    code, out, _ = cli(*asked, "--json")
    assert code == 0
    result = SpectrumResult.model_validate_json(out)
    assert result.certified == domain.startswith("sphere")
    for found in result.spectra:
        assert 0 < found.missing < 1
        for row in found.eigenvalues:
            assert row.multiplicity == multiplicity(Distribution.SPHERE, 40, row.degree)
    assert "% of the variance is not listed" in cli(*asked)[1]


@pytest.mark.parametrize(
    ("activation", "zeros"),
    [
        ("gelu", ()),
        ("GELU", ()),
        ("sin(2*x)", (0, 2, 4, 6, 8)),
        ("cos", (1, 3, 5, 7)),
        ("x^2", (1, 3, 5, 6, 7, 8)),
        ("max(x, 0.1*x)", ()),
    ],
)
def test_activations_with_a_closed_form_have_spectra_and_exact_zeros(activation: str, zeros: tuple[int, ...]) -> None:
    found = study(activation, depth=2, domain="cube:8").spectra[1].eigenvalues
    assert tuple(row.degree for row in found if row.eigenvalue is not None and row.eigenvalue.mid == "0") == zeros
    assert all(row.approximate > 0 for row in found if row.degree not in zeros)


def test_a_zero_that_no_symmetry_tells_of_is_a_ball_around_zero() -> None:
    """The dual of 1 + x³ is 1 and an odd function, so that one layer has no degree 2 or 4."""
    found = study("1 + x^3", depth=1, domain="cube:5", kernel="ck").spectra[0].eigenvalues
    for degree in (2,):
        ball = found[degree].eigenvalue
        assert ball is not None
        assert abs(float(ball.mid)) <= float(ball.rad) < 1e-70


def test_a_jump_leaves_the_conjugate_kernel() -> None:
    (found,) = study("step", depth=2, domain="cube:5").spectra
    assert found.kernel == "ck"


def test_names_and_formulas_are_the_same_activation() -> None:
    by_name, by_formula = (study(text, depth=2, domain="cube:6", bias_variance="0.1") for text in ("ReLU", "max(x,0)"))
    assert by_name.spectra == by_formula.spectra
    assert by_name.canonical == "relu"


def test_variances_are_exact() -> None:
    assert [str(variance("bias", text)) for text in ("0.1", "1/3", "2.50", ".5", "7")] == [
        "1/10", "1/3", "5/2", "1/2", "7",
    ]  # fmt: skip


BAD = [
    (("--activation", "tanh"), "'tanh' has no dual in closed form, which the spectrum needs at every variance"),
    (("--activation", "exp(x^2)"), "has no dual: "),
    (("--activation", "exp(0.2*x^2)", "--weight-variance", "4"), "variance of some layer is infinite"),
    (("--activation", "x^7", "--depth", "20"), "beyond 10^300 or below 10^-300"),
    (("--activation", "frob"), "The activation 'frob' is not known: there is no function 'frob'"),
    (("--activation", "step", "--kernel", "ntk"), "jumps, and so has no tangent kernel"),
    (("--activation", "gelu", "--domain", "gaussian:9"), "there are only relu and erf"),
    (("--domain", "torus:3"), "must be cube:D, sphere:D or gaussian:D"),
    (("--domain", "cube:0"), "dimension of the cube must be from 1 to 1000, not 0"),
    (("--domain", "cube:1001"), "from 1 to 1000, not 1001"),
    (("--domain", "sphere:2"), "from 3 to 10000, not 2"),
    (("--domain", "cube:-4"), "must be cube:D"),
    (("--depth", "-1"), "--depth must be 0 or more"),
    (("--depth", "257"), "from 0 to 256 hidden layers, not 257"),
    (("--weight-variance", "0"), "variance of the weights must be positive"),
    (("--weight-variance", "1e9"), "weight variance must be a number from 0 to 1000"),
    (("--weight-variance", "1001"), "at most 1000"),
    (("--bias-variance=-1",), "bias variance must be a number from 0 to 1000"),
    (("--bias-variance", "1/0"), "bias variance must be a number from 0 to 1000"),
    (("--kernel", "nngp"), "--kernel 'nngp' is not known"),
    (("--degree", "7"), "from 0 up to 6, not up to 7"),
    (("--digits", "41"), "from 1 to 40, not 41"),
    (("--plot", "figure.txt"), "not 'figure.txt'"),
    (("--plot", "nowhere/figure.svg"), "There is no folder nowhere"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_bad_input_is_one_sentence(cli, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = cli("--activation", "relu", "--domain", "cube:6", *arguments)
    assert (code, out) == (2, "")
    assert message in " ".join(err.split())
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_the_same_errors_in_python() -> None:
    with pytest.raises(InputError, match="kernel must be ck, ntk or both"):
        study("relu", kernel="nngp")


def test_bars_have_eighths() -> None:
    assert [bar(part) for part in (0, 1 / 256, 1)] == ["", "▏", "█" * 32]
