"""The command line: presents what the stages and `consult` return."""

__all__: list[str] = []
