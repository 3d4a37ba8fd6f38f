"""The contenders: scripts that answer requests, each in the environment of what it times."""
