"""Proof files of a run: written from the chains of derivations, checked again by the replay, and named."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from derivations.chain import Chain
from derivations.proof import Proof, entitled, write
from derivations.replay.check import replay
from derivations.replay.errors import MalformedError
from derivations.terms import TermError
from verify.files import PROOFS
from verify.result import ProofFile
from verify.statement import Identity, Inequality


@dataclass(frozen=True)
class Checked:
    """The text of a proof file, not yet entitled, and what the replay said of it."""

    text: str
    accepted: bool
    reason: str
    """Why the file was not accepted, or not written."""
    granted: tuple[str, ...] = ()
    """The steps whose conclusions the replay took as they stand, on the strength of a lemma."""


def recheck(statement: Identity | Inequality, chain: Chain) -> Checked:
    """Write a chain that reaches its statement as a proof file, and have it replayed from there."""
    kind = "inequality" if isinstance(statement, Inequality) else "identity"
    try:
        text = write(Proof.of(statement, chain, kind=kind, claim="", form="", route=""))
        found = replay(text)
    except (TermError, MalformedError) as error:
        return Checked("", False, str(error))
    failure = found.failure
    if failure is None:
        return Checked(text, True, "", found.granted)
    where = f"step {failure.step}: " if failure.step else ""
    return Checked(text, False, f"{where}{failure.reason}")


def file_name(claim: str, form: str, route: str) -> str:
    """The name of a proof file, of plain letters, digits and hyphens.

    >>> file_name("be-a-decay", "printed", "Grönwall's argument")
    'be-a-decay--printed--gronwall-s-argument.json'
    """
    plain = unicodedata.normalize("NFKD", route).encode("ascii", "ignore").decode().lower()
    return f"{claim}--{form}--{re.sub(r'[^a-z0-9]+', '-', plain).strip('-') or 'route'}.json"


def named(text: str, claim: str, form: str, route: str) -> tuple[ProofFile, str]:
    """What results say of a proof file, and its text."""
    whole = entitled(text, claim=claim, form=form, route=route)
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return ProofFile(file=f"{PROOFS}/{file_name(claim, form, route)}", sha256=digest), whole
