"""Proof files: a chain of steps with the statement it proves, as JSON that code sharing nothing with ours can replay.

A file is one JSON object (version 1):

    format      "ntk-verify proof"
    version     1
    proves      {"claim": id, "form": name, "route": name}
    statement   {"kind": "identity" or "inequality", "lhs": term, "rhs": term,
                 "where": [[name, meaning], …], "domain": [[quantity, set], …]}
    symbols     {key: {"name": text, "assume": {assumption: true or false, …}}, …}
    functions   the same for functions that are only named
    lemmas      the names of the lemmas that steps rest on
    steps       [{"id", "rule", "check", "text", "lhs", "rhs", "uses", "lemma", "data"}, …]

Terms are described in `derivations.terms`. A step says lhs = rhs, or lhs >= 0 where its rule is "sign". "check" names
the builder of `derivations.check` that made it, and "data" holds what that check used beside the two sides, under the
names of the builder's parameters: steps by their ids, "of" for equations and "signs" for inequalities; "definitions"
is true where they are those of the statement. Nothing of the outcome is in the file: whether steps hold is for the
replay.
The text of a file is the same whenever the chain is, byte for byte.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.chain import Chain, Rule, Step
from derivations.domain import Equation
from derivations.terms import Encoder, Tables, TermError, decode

FORMAT = "ntk-verify proof"
VERSION = 1
_REFERENCES = ("of", "signs")


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A chain, the statement that it reaches, and what the two are called in the ledger."""

    claim: str
    form: str
    route: str
    kind: str
    """"identity" or "inequality"."""
    lhs: sp.Expr
    rhs: sp.Expr
    where: tuple[tuple[sp.Expr, sp.Expr], ...]
    domain: tuple[tuple[sp.Basic, sp.Set], ...]
    chain: Chain

    @classmethod
    def of(cls, statement: Equation, chain: Chain, *, kind: str, claim: str, form: str, route: str) -> "Proof":
        """The proof that a chain is of a statement."""
        sides = {"lhs": statement.lhs, "rhs": statement.rhs, "where": statement.where, "domain": statement.domain}
        return cls(claim=claim, form=form, route=route, kind=kind, chain=chain, **sides)


def write(proof: Proof) -> str:
    """Return the text of a proof file. Raises TermError for an expression that a file cannot hold."""
    encode = Encoder()
    statement = {
        "kind": proof.kind,
        "lhs": encode(proof.lhs),
        "rhs": encode(proof.rhs),
        "where": [[encode(part) for part in pair] for pair in proof.where],
        "domain": [[encode(part) for part in pair] for pair in proof.domain],
    }
    steps = [_step_to_json(step, proof.where, encode) for step in proof.chain.steps]
    head = {
        "format": FORMAT,
        "version": VERSION,
        "proves": {"claim": proof.claim, "form": proof.form, "route": proof.route},
        "statement": statement,
        **encode.tables.to_json(),
        "lemmas": sorted({step.lemma for step in proof.chain.steps if step.lemma}),
    }
    lines = [f" {_dump(name)}: {_dump(value)}," for name, value in head.items()]
    body = ",\n".join(f"  {_dump(step)}" for step in steps)
    return "\n".join(["{", *lines, ' "steps": [', body, " ]", "}"]) + "\n"


def read(text: str) -> Proof:
    """Read what `write` wrote, for inspection; the residuals are not in the file, every step comes back closed.

    Raises TermError for a text that is no proof file of this version.
    """
    try:
        data = json.loads(text)
        if (data["format"], data["version"]) != (FORMAT, VERSION):
            raise TermError(f"this is no proof file of version {VERSION}")
        tables, statement = Tables.from_json(data), data["statement"]
        where = tuple((decode(name, tables), decode(meaning, tables)) for name, meaning in statement["where"])
        return Proof(
            **data["proves"],
            kind=statement["kind"],
            lhs=decode(statement["lhs"], tables),
            rhs=decode(statement["rhs"], tables),
            where=where,
            domain=tuple((decode(name, tables), decode(values, tables)) for name, values in statement["domain"]),
            chain=Chain(steps=tuple(_step_from_json(step, where, tables) for step in data["steps"])),
        )
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise TermError(f"this is no proof file: {type(error).__name__}: {error}") from error


def entitled(text: str, *, claim: str, form: str, route: str) -> str:
    """The text of a proof file with other names of what it proves."""
    before, mark, rest = text.partition(' "proves": ')
    _, end, after = rest.partition("\n")
    return f"{before}{mark}{_dump({'claim': claim, 'form': form, 'route': route})},{end}{after}"


def _step_to_json(step: Step, where: tuple[Any, ...], encode: Encoder) -> dict[str, Any]:
    if "check" not in step.data:
        raise TermError(f"step {step.id} does not say how it was checked")
    return {
        "id": step.id,
        "rule": step.rule.value,
        "check": step.data["check"],
        "text": step.text,
        "lhs": encode(step.lhs),
        "rhs": encode(step.rhs),
        "uses": list(step.uses),
        "lemma": step.lemma,
        "data": {name: _entry(name, value, where, encode) for name, value in step.data.items() if name != "check"},
    }


def _entry(name: str, value: Any, where: tuple[Any, ...], encode: Encoder) -> Any:
    if name in _REFERENCES:
        return list(value)
    return True if name == "definitions" and value == where else encode(value)


def _step_from_json(step: Mapping[str, Any], where: tuple[Any, ...], tables: Tables) -> Step:
    data = {
        name: tuple(value) if name in _REFERENCES else where if value is True and name == "definitions" else None
        for name, value in step["data"].items()
    }
    data |= {name: _plain(decode(step["data"][name], tables)) for name, value in data.items() if value is None}
    return Step(
        id=step["id"],
        rule=Rule(step["rule"]),
        text=step["text"],
        lhs=decode(step["lhs"], tables),
        rhs=decode(step["rhs"], tables),
        residual=sp.S.Zero,
        uses=tuple(step["uses"]),
        lemma=step["lemma"],
        data={"check": step["check"], **data},
    )


def _plain(value: Any) -> Any:
    return bool(value) if value in (sp.true, sp.false) else value


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
