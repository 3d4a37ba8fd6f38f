"""Where tasks are computed: in this process, in others on this machine, or on a cluster; their evidence is the same."""

from verify.engine.answers import Answer, Engine
from verify.engine.local import InProcess, Processes

__all__ = ["Answer", "Engine", "InProcess", "Processes"]
