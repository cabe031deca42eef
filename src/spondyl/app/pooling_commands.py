"""The commands `spondyl curve` and `spondyl pool` with their options; a command imports its work when it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from spondyl.app.from_fields import from_fields

__all__ = ["CurveOptions", "PoolOptions", "curve", "pool"]


@dataclass(frozen=True)
class CurveOptions:
    """What `spondyl curve` was asked for; each field is an option and says itself what it is."""

    digitised: Annotated[
        Path | None,
        typer.Argument(
            metavar="POINTS",
            help="CSV of time and survival, and arm where there are several.",
            show_default=False,
        ),
    ] = None
    at_risk: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV of time and number at risk, and arm.", show_default=False),
    ] = None
    events: Annotated[
        list[str] | None,
        typer.Option(metavar="[ARM=]N", help="Printed number of events; repeatable.", show_default=False),
    ] = None
    patients: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[ARM=]N", help="Patients at time 0, where no number at risk says.", show_default=False
        ),
    ] = None
    error: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=0.1, metavar="SD", help="Error of a digitised S, as a share.", show_default=False
        ),
    ] = None
    unit: Annotated[Literal["months", "years", "weeks", "days"], typer.Option(help="Unit of time.")] = (
        "months"
    )
    arm: Annotated[str, typer.Option(metavar="COLUMN", help="What the column of arms is called.")] = "arm"
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="COLUMN=VALUE", help="A column for all; repeatable.", show_default=False
        ),
    ] = None
    redraws: Annotated[
        int, typer.Option(min=0, max=2000, metavar="N", help="Redraws for the spread of the median.")
    ] = 100
    figure: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw points and curve, .svg or .png.", show_default=False),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the patients to a file.", show_default=False),
    ] = None
    plain: Annotated[bool, typer.Option("--json", help="Everything as one line of JSON.")] = False


@dataclass(frozen=True)
class PoolOptions:
    """What `spondyl pool` was asked for; each field is an option and says itself what it is."""

    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="INPUTS",
            help="Evidence folders, cases.jsonl, registries, papers, tables of patients or of summaries (.csv).",
            show_default=False,
        ),
    ] = None
    by: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="Field that makes groups, or study.", show_default=False),
    ] = None
    where: Annotated[
        str | None,
        typer.Option(metavar="CONDITION", help="""As 'diagnosis == "melanoma"'.""", show_default=False),
    ] = None
    ratio: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="Pool hazard ratios of this covariate.", show_default=False),
    ] = None
    share: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="Pool the shares that are counted so.", show_default=False),
    ] = None
    every: Annotated[
        bool, typer.Option("--all", help="Keep patients without a lesion of spine or bone, too.")
    ] = False
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write; made if absent.")
    ] = Path("pooled")
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Papers read side by side.")
    ] = 1


@from_fields(CurveOptions)
def curve(asked: CurveOptions) -> None:
    """Patient-level data from a printed survival curve that was digitised."""
    from spondyl.app.curves import curve as run

    raise typer.Exit(run(asked))


@from_fields(PoolOptions)
def pool(asked: PoolOptions) -> None:
    """Survival over published cases: curves, tests within studies, pools of summaries."""
    from spondyl.app.pooling import pool as run

    raise typer.Exit(run(asked))
