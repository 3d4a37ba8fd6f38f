"""An independent checker of proof files: it shares no code with the derivations, only SymPy."""
