"""Gradient flow of a linear model: the integral of its exponential by the inverse of the kernel."""

import sympy as sp

from derivations.chain import Chain
from derivations.definitions import put_in
from derivations.domain import Equation
from derivations.matrices import matrix_identity, unfounded
from derivations.matrix_expressions import FlowIntegral, MatrixExp


def by_inverse(statement: Equation) -> Chain:
    """Derive lhs = rhs with every ∫_0^s e^(-τK) dτ in it written as K⁻¹(I - e^(-sK)), for an invertible K."""
    sides = [put_in(side, statement.where) for side in (statement.lhs, statement.rhs)]
    nodes = sorted(set().union(*(side.atoms(FlowIntegral) for side in sides)), key=sp.default_sort_key)
    generators = [node.generator for node in nodes]
    integrals = tuple(
        matrix_identity(
            f"integral-{number}",
            "Multiplied by the kernel, which is invertible, the integral is $I$ less the exponential.",
            node,
            sp.Inverse(node.generator) * (sp.Identity(node.shape[0]) - MatrixExp(-node.time * node.generator)),
            left=node.generator,
        )
        for number, node in enumerate(nodes, start=1)
    )
    text = "With this, both sides multiplied out."
    equal = matrix_identity("statement", text, statement.lhs, statement.rhs, of=integrals, definitions=statement.where)
    return Chain(steps=(*integrals, equal), obstacle=unfounded(statement, invertible=generators))
