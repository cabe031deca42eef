"""The result of monitoring in the evidence table."""

from __future__ import annotations

from spondyl import monitor
from spondyl.consult.decisions import apply
from spondyl.consult.evidence import Read, rows, sources
from spondyl.present.catalog import columns
from spondyl.present.cells import cell_lines, quoted
from spondyl.record import Case, Claim, Paper, Reading


def test_a_case_with_monitoring_is_a_row_that_shows_it() -> None:
    columns_given = {"time_min": [0, 5, 10, 40, 48], "MEP left TA (uV)": [400, 410, 390, 0, 380]}
    paper, case = monitor.case(monitor.alarms(columns_given))
    reading = Reading(cases=(case,))
    (row,), _ = rows([Read(paper, apply(paper, reading, []))], sources([paper]), all_patients=True)
    further = next(c for c in columns() if "monitoring_alarms" in c.fields)
    assert cell_lines(row, further) == [
        "monitored: MEP",
        "monitoring: MEP left TA: mep loss at 00:40:00 for 8 min, came back",
        "alarms: reversed",
    ]
    item = next(i for i in row.items() if i.field == "monitoring_reversibility")
    assert quoted(row, item).startswith("“reversed”")


def test_monitoring_added_to_a_case_of_a_paper_points_at_no_words_of_that_paper() -> None:
    paper = Paper(
        id="p",
        source="p.txt",
        text="A woman had an intramedullary metastasis of C6, and more was said of her.",
    )
    claim = Claim(field="levels", value="C6", quotes=(paper.quote(44, 46),))
    found = monitor.alarms({"time_min": [0, 5, 10, 40, 48], "MEP left TA (uV)": [400, 410, 390, 0, 380]})
    _, case = monitor.recorded(Case(case=1, label="", claims=(claim,)), found)
    (row,), _ = rows(
        [Read(paper, apply(paper, Reading(cases=(case,)), []))], sources([paper]), all_patients=True
    )
    spans = {item.field: item.spans for item in row.items()}
    assert spans["levels"] == ((44, 46),)
    assert spans["monitoring_alarms"] == ()
    assert row.values("monitoring_reversibility") == ["reversed"]
