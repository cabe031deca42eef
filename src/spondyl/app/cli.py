"""The commands `spondyl report`, `spondyl extract`, `spondyl audit`, `spondyl demo` and further ones.

Only typer is imported here, so that `--help` answers at once; a command imports its work when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from spondyl import __version__
from spondyl.app.consult_options import ConsultOptions
from spondyl.app.from_fields import from_fields
from spondyl.app.pooling_commands import curve, pool
from spondyl.app.registry_commands import commands as registry

__all__ = ["app"]

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PAPERS",
        help="Papers, or folders of papers: PDF, text, Markdown, HTML, JATS XML, PubMed XML.",
        show_default=False,
        readable=False,  # what cannot be read is one line among the problems, and the rest is done
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Papers read side by side.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write; made if absent.")]

app = typer.Typer(
    name="spondyl",
    help="Evidence engine for spinal and bone metastases: papers in, case records whose every value keeps "
    "its words out.",
    epilog="Example: spondyl demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


app.add_typer(registry, name="registry")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"spondyl {__version__}")
        raise typer.Exit


@app.callback()
def spondyl(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Read papers about spinal and bone metastases; keep the words behind every value."""


@app.command(epilog="Example: spondyl report papers/ -o evidence/ --decisions decisions.json")
def report(
    papers: Paths = None,
    out: Out = Path("evidence"),
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Apply the decisions saved in the page.", show_default=False),
    ] = None,
    jobs: Jobs = 1,
    every: Annotated[
        bool, typer.Option("--all", help="Keep patients without a lesion of spine or bone, too.")
    ] = False,
) -> None:
    """Write the evidence report: page, tables, case records, references, problems."""
    from spondyl.app.reporting import report as run

    raise typer.Exit(run(papers or [], out, decisions=decisions, jobs=jobs, every=every))


@app.command(epilog="Example: spondyl extract papers/ --format csv -o cases.csv --jobs 4")
def extract(
    papers: Paths = None,
    form: Annotated[
        Literal["jsonl", "csv", "table"] | None,
        typer.Option(
            "--format",
            help="Default: a table on a terminal, the suffix of -o for a file, else jsonl.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write to a file.", show_default=False),
    ] = None,
    jobs: Jobs = 1,
) -> None:
    """Print the cases alone: one line of JSON a paper, or one row of CSV or table a case."""
    from spondyl.app.extracting import extract as run

    raise typer.Exit(run(papers or [], form=form, out=out, jobs=jobs))


@app.command(epilog="Example: spondyl audit manuscript.pdf -o audit.html")
def audit(
    papers: Paths = None,
    form: Annotated[
        Literal["text", "jsonl", "html"] | None,
        typer.Option("--format", help="Default: the suffix of -o, else text.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write to a file.", show_default=False),
    ] = None,
    fail_on: Annotated[
        Literal["error", "suspicious"] | None,
        typer.Option("--fail-on", help="End with status 2 where one as grave was found.", show_default=False),
    ] = None,
    jobs: Jobs = 1,
) -> None:
    """List what does not add up in papers: with the words on both sides and the arithmetic."""
    from spondyl.app.auditing import audit as run

    raise typer.Exit(run(papers or [], form=form, out=out, fail_on=fail_on, jobs=jobs))


@app.command(epilog="Example: spondyl demo -o spondyl-demo")
def demo(out: Out = Path("spondyl-demo"), jobs: Jobs = 1) -> None:
    """Write the evidence report of the invented papers that ship with Spondyl."""
    from spondyl.app.reporting import demo as run

    raise typer.Exit(run(out, jobs=jobs))


@app.command(epilog="Example: spondyl score sins location=C7 pain=mechanical bone=lytic --json")
def score(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SCORE [ITEM=ANSWER]...",
            help="A score and its answers; or list, show SCORE, new NAME.",
            show_default=False,
        ),
    ] = None,
    case: Annotated[
        str | None,
        typer.Option(metavar="FILE[#PAPER/N]", help="Fill items from a case record.", show_default=False),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Score a table, .csv or .parquet.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write to a file.", show_default=False),
    ] = None,
    plain: Annotated[bool, typer.Option("--json", help="One line of JSON a score.")] = False,
) -> None:
    """Compute scores and classifications: one patient, a case record, or a table."""
    from spondyl.app.scoring import Asked
    from spondyl.app.scoring import score as run

    raise typer.Exit(run(Asked(words or [], case, table, out, plain)))


@app.command(
    epilog="Example: spondyl monitor amplitudes.csv --events events.csv --mep-fall macdonald2017 -o monitoring/"
)
def monitor(
    recording: Annotated[
        Path | None,
        typer.Argument(
            metavar="RECORDING",
            help="CSV, Parquet, EDF or EDF+. Without one: the invented recording that ships with Spondyl.",
            show_default=False,
        ),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Events: a table with time and event.", show_default=False),
    ] = None,
    baseline: Annotated[
        str, typer.Option(metavar="WHICH", help="opening, first:20, or a window: 08:40-09:00.")
    ] = "opening",
    mep_fall: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Whose limit for the fall of muscle MEPs: macdonald2017, choi2014, imsct_sr2025, join_table4. "
            "Not named: none is applied.",
            show_default=False,
        ),
    ] = None,
    lost_below: Annotated[
        str, typer.Option(metavar="AMPLITUDE", help="When a muscle MEP is lost: 0, 5% or 10uV.")
    ] = "0",
    sustained: Annotated[
        int, typer.Option(min=1, metavar="N", help="Values in a row that begin and end an alarm.")
    ] = 1,
    out: Out = Path("monitoring"),
) -> None:
    """Judge evoked potentials of an operation by published warning criteria. Not a medical device."""
    from spondyl.app.monitoring import Asked, watch

    raise typer.Exit(watch(Asked(recording, events, baseline, mep_fall, lost_below, sustained), out))


@app.command(
    epilog="Example: spondyl cohort patients.csv --time months --event died --by sex --cox age,sex -o study/"
)
def cohort(
    patients: Annotated[
        str | None,
        typer.Argument(
            metavar="TABLE",
            help="CSV, Parquet, Excel, SQLite, DuckDB, a glob of Parquet files, or a plan (.toml).",
            show_default=False,
        ),
    ] = None,
    time: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Time observed, or FROM..TO for two dates.", show_default=False),
    ] = None,
    event: Annotated[
        str | None,
        typer.Option(metavar="COLUMN[=VALUE]", help="Whether the event happened.", show_default=False),
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="COLUMNS", help="Columns to draw curves by.", show_default=False)
    ] = None,
    cox: Annotated[
        str | None,
        typer.Option(metavar="TERMS", help="Covariates: age,sex,C(grade),sex:age.", show_default=False),
    ] = None,
    ref: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=LEVEL", help="A reference level; repeatable.", show_default=False),
    ] = None,
    out: Out = Path("study"),
) -> None:
    """Write a survival study: Table 1, Kaplan-Meier, Cox, Fisher, with figures and text."""
    from spondyl.app.cohorting import Asked
    from spondyl.app.cohorting import cohort as run

    raise typer.Exit(run(Asked(patients, time, event, by, cox, ref or ()), out))


@app.command(epilog="Example: spondyl consult case.toml -o consult.html")
@from_fields(ConsultOptions)
def consult(asked: ConsultOptions) -> None:
    """Write the page of one patient: flags, scores, what it could be, what is missing, each line with its basis."""
    from spondyl.app.consulting import consult as run

    raise typer.Exit(run(asked))


app.command(epilog="Example: spondyl curve digitised.csv --at-risk risk.csv --events 32 -o patients.csv")(
    curve
)
app.command(epilog="Example: spondyl pool evidence/ --by resection_extent -o pooled/")(pool)
