"""Further commands of `spondyl registry`, from review to undo. Only typer is imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from spondyl.app.registry_options import By, Where

__all__ = ["add_to"]


def add_to(commands: typer.Typer) -> None:
    """Add the commands to those of the registry."""
    commands.command(epilog="Example: spondyl registry review --by 'A. Reviewer' --only doubtful")(review)
    commands.command(epilog="Example: spondyl registry agreement --between 'A. One' --between 'B. Two'")(
        agreement
    )
    commands.command(epilog="Example: spondyl registry duplicates --decide --by 'A. Reviewer'")(duplicates)
    commands.command(epilog="Example: spondyl registry link PAPER/1 OTHER/2 --same --note 'the same figure'")(
        link
    )
    commands.command(epilog="Example: spondyl registry counts diagnosis regions --smallest 5")(counts)
    commands.command(epilog="Example: spondyl registry score sins tomita_2001")(score)
    commands.command(epilog="Example: spondyl registry snapshot -o lake/")(snapshot)
    commands.command(epilog="Example: spondyl registry undo 17 --note 'a slip'")(undo)


def review(
    registry: Where = "registry.db",
    by: By = "",
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="WHAT", help="doubtful, differences, field=FIELD, paper=ID; repeatable."
        ),
    ] = None,
    first: Annotated[
        Literal["differences", "doubtful", "order"],
        typer.Option(
            "--first", help="What comes first: differences, doubtful values, or the order of papers."
        ),
    ] = "differences",
    blind: Annotated[
        bool, typer.Option("--blind", help="As a further reviewer, without what others decided.")
    ] = False,
    adjudicate: Annotated[
        bool, typer.Option("--adjudicate", help="Only where two reviewers disagree.")
    ] = False,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", metavar="FILE", help="Keys of your own (TOML).", show_default=False),
    ] = None,
) -> None:
    """Go through the claims, a key each: accept, correct, reject, not stated, undo; goes on where it was left."""
    from spondyl.app.registry_review import planned
    from spondyl.app.registry_review import review as run

    raise typer.Exit(run(registry, planned(by, only or [], first, blind, adjudicate), keys))


def agreement(
    registry: Where = "registry.db",
    between: Annotated[
        list[str] | None,
        typer.Option("--between", metavar="NAME", help="One of the two reviewers; give it twice."),
    ] = None,
    papers: Annotated[
        list[str] | None, typer.Option("--paper", metavar="ID", help="This paper alone; repeatable.")
    ] = None,
    level: Annotated[
        float, typer.Option("--level", metavar="SHARE", help="Of the confidence interval.")
    ] = 0.95,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write CSV to a file.", show_default=False),
    ] = None,
) -> None:
    """How far two reviewers agree: n, raw agreement and Cohen's kappa with its interval, field by field."""
    from spondyl.app.registry_agreement import agree as run

    raise typer.Exit(run(registry, between or [], papers or [], level, out))


def duplicates(
    registry: Where = "registry.db",
    by: By = "",
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="So many pairs at most.")] = 50,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", metavar="FILE", help="Weights of your own (TOML).", show_default=False),
    ] = None,
    decide: Annotated[bool, typer.Option("--decide", help="Decide on them, a key for each pair.")] = False,
) -> None:
    """Propose cases that may tell of one patient, with what speaks for and against it; nothing is merged."""
    from spondyl.app.registry_duplicates import duplicates as run

    raise typer.Exit(run(registry, by, most, weights, decide))


def link(
    first: Annotated[str, typer.Argument(metavar="CASE", help="PAPER/N, or the case's number.")],
    second: Annotated[str, typer.Argument(metavar="CASE", help="The other case.")],
    registry: Where = "registry.db",
    same: Annotated[bool, typer.Option("--same", help="They tell of one patient.")] = False,
    different: Annotated[bool, typer.Option("--different", help="They do not.")] = False,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.", show_default=False)] = "",
    by: By = "",
) -> None:
    """Decide that two cases are, or are not, of the same patient; both stay, and name each other."""
    from spondyl.app.registry_duplicates import link as run

    raise typer.Exit(run(registry, by, (first, second), (same, different), note))


def counts(
    fields: Annotated[list[str], typer.Argument(metavar="FIELD [FIELD]", help="By one field, or by two.")],
    registry: Where = "registry.db",
    smallest: Annotated[
        int, typer.Option("--smallest", min=1, metavar="N", help="Counts below it, but 0, are not told.")
    ] = 5,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to a file.", show_default=False)
    ] = None,
) -> None:
    """Count the cases by one field or two, as CSV; small counts are left out, and what would give them away."""
    from spondyl.app.registry_export import counts as run

    raise typer.Exit(run(registry, fields, smallest, out))


def score(
    sheets: Annotated[
        list[str], typer.Argument(metavar="SHEETS", help="Sheets, as spondyl score list names them.")
    ],
    registry: Where = "registry.db",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write them as CSV, too.", show_default=False),
    ] = None,
) -> None:
    """Score the cases and keep the scores; only what changed since, a case or a sheet, is computed again."""
    from spondyl.app.registry_scores import score as run

    raise typer.Exit(run(registry, sheets, out))


def snapshot(
    registry: Where = "registry.db",
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="The folder; made if absent.")
    ] = Path("lake"),
    deidentify: Annotated[
        bool, typer.Option("--deidentify", help="Without names, record numbers, free text; dates shifted.")
    ] = False,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="The secret key, made if absent.", show_default=False),
    ] = None,
) -> None:
    """Write the registry as Parquet files that spondyl cohort and DuckDB read."""
    from spondyl.app.registry_export import Private
    from spondyl.app.registry_scores import snapshot as run

    raise typer.Exit(run(registry, out, Private(deidentify, key)))


def undo(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the decision, as history shows it.")],
    registry: Where = "registry.db",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.", show_default=False)] = "",
    by: By = "",
) -> None:
    """Take back a decision by a further entry in the log; nothing is ever deleted."""
    from spondyl.app.registering import undo as run

    raise typer.Exit(run(number, registry, by, note))
