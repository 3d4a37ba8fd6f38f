"""Symbolic derivations: chains of steps from definitions to statements, every step checked by machine."""
