"""`ntk-verify schema`: the JSON Schema of results files."""

import typer


def schema() -> None:
    """Print the JSON Schema of `results.json`."""
    from verify import files  # noqa: PLC0415 - help must not wait for pydantic

    typer.echo(files.schema(), nl=False)
