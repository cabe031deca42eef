"""The commands of `spondyl registry`. Only typer is imported here; a command imports its work when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from spondyl.app import registry_more
from spondyl.app.registry_options import By, Where

__all__ = ["commands"]

commands = typer.Typer(
    help="Keep cases with every claim and decision in a database; ask, decide, check, export.",
    epilog="Example: spondyl registry add papers/ --registry registry.db",
    no_args_is_help=True,
)


@commands.command(epilog="Example: spondyl registry add papers/ evidence/cases.jsonl --to registry.db")
def add(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUTS",
            help="Papers, folders of papers, or .jsonl files of spondyl extract.",
            readable=False,
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            "--registry",
            "-r",
            metavar="PLACE",
            help="A SQLite file, made if absent, or postgresql://USER@HOST/NAME.",
        ),
    ] = "registry.db",
    by: By = "",
    score: Annotated[
        list[str] | None, typer.Option("--score", metavar="SHEET", help="Score the cases, too; repeatable.")
    ] = None,
) -> None:
    """Read papers, or cases that were extracted, into the registry; what is known is brought up to date."""
    from spondyl.app.registering import add as run

    status = run(inputs, to, by)
    if score:
        from spondyl.app.registry_scores import score as scored

        status = max(status, scored(to, score, None))
    raise typer.Exit(status)


@commands.command(
    "import", epilog="Example: spondyl registry import redcap.csv --dictionary dict.csv --map map.toml"
)
def take(
    patients: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A CSV file, one row a patient; or a FHIR bundle, a phenopacket."
        ),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="What the columns mean (TOML).", show_default=False),
    ] = None,
    dictionary: Annotated[
        Path | None,
        typer.Option("--dictionary", metavar="FILE", help="The REDCap data dictionary.", show_default=False),
    ] = None,
    codebook: Annotated[
        Path | None,
        typer.Option(
            "--codebook", metavar="FILE", help="Of an exported table. Default: beside it.", show_default=False
        ),
    ] = None,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Take the other rows where some are refused.")
    ] = False,
    registry: Where = "registry.db",
    by: By = "",
) -> None:
    """Take over a table of patients; every row that is refused is listed with the reason."""
    from spondyl.app.registry_import import Asked
    from spondyl.app.registry_import import take as run

    raise typer.Exit(run(Asked(patients, mapping, dictionary, codebook, skip_refused), registry, by))


@commands.command(epilog="Example: spondyl registry decide decisions.json --by 'A. Reviewer'")
def decide(
    decisions: Annotated[
        Path, typer.Argument(metavar="FILE", help="Decisions saved from the evidence page.")
    ],
    registry: Where = "registry.db",
    by: By = "",
) -> None:
    """Enter a file of decisions; what belongs to nothing in the registry is listed."""
    from spondyl.app.registering import decide as run

    raise typer.Exit(run(decisions, registry, by))


@commands.command(epilog="Example: spondyl registry history PAPER/1")
def history(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="PAPER/N, or the case's number in the registry.")
    ],
    registry: Where = "registry.db",
) -> None:
    """Print what happened to a case: when, who, what."""
    from spondyl.app.registering import history as run

    raise typer.Exit(run(case, registry))


@commands.command(epilog="Example: spondyl registry check --registry registry.db")
def check(registry: Where = "registry.db") -> None:
    """Check that schema, log of decisions, words and values hold together; status 1 if they do not."""
    from spondyl.app.registering import check as run

    raise typer.Exit(run(registry))


@commands.command(epilog="Example: spondyl registry export --format xlsx -o cases.xlsx")
def export(
    registry: Where = "registry.db",
    form: Annotated[
        Literal["csv", "parquet", "xlsx", "jsonl", "mcode", "phenopackets", "redcap"] | None,
        typer.Option("--format", help="Default: the suffix of -o, else jsonl.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write to a file.", show_default=False),
    ] = None,
    snomed: Annotated[
        bool,
        typer.Option("--snomed", help="Write codes of SNOMED CT, too (mcode); you need a licence for them."),
    ] = False,
    deidentify: Annotated[
        bool, typer.Option("--deidentify", help="Without names, record numbers, free text; dates shifted.")
    ] = False,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="The secret key, made if absent.", show_default=False),
    ] = None,
    smallest: Annotated[
        int | None,
        typer.Option(
            "--smallest",
            min=1,
            metavar="N",
            help="Leave out words that fewer cases share.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write the cases as they stand after all decisions."""
    from spondyl.app.registry_export import Asked, Private
    from spondyl.app.registry_export import export as run

    raise typer.Exit(run(registry, Asked(form, out, snomed, Private(deidentify, key, smallest))))


registry_more.add_to(commands)
