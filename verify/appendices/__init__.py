"""What a run of the whole ledger measures beside the claims: it decides nothing, and the reports show it."""

from verify.appendices.initialisation_bound import initialisation_bound
from verify.appendices.stable_numbers import stable_numbers
from verify.appendices.three_spectra import three_spectra
from verify.result import Appendix


def appendices(seed: int) -> tuple[Appendix, ...]:
    """Measure and describe everything there is."""
    return initialisation_bound(seed), stable_numbers(seed), three_spectra()
