"""Follow-up, recurrence and status. All cases are invented."""

from __future__ import annotations

from typing import Any

import pytest

from spondyl.extract.engine import reading
from spondyl.extract.timeline import times
from spondyl.record import Case, Paper

WHO = "A 63-year-old woman presented with back pain. "
CUT = WHO + "The tumour was resected. "


def case(text: str) -> Case:
    return reading(Paper(id="p", source="p", text=text)).cases[0]


def field(text: str, name: str) -> Any:
    return dict(case(text).fields).get(name)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("She was well 12 months after surgery.", 12),
        ("At her last visit 20 months after the operation, she had no pain.", 20),
        ("At 3 months she walked. At 9 months the scan showed no change.", 9),
        ("One month later the pain returned. Two months after that she was paraplegic.", 3),
        ("She had no recurrence during a follow-up of 3 years.", 36),
        ("She died within 10 months of diagnosis.", 10),
        ("She survived for 14 months.", 14),
        ("She has been free of disease for two years.", 24),
        ("The scan was to be repeated every 3 months for five years.", None),
        ("The literature knows one patient who lived nine years after surgery.", None),
    ],
)
def test_follow_up(text: str, months: float | None) -> None:
    assert field(CUT + text, "follow_up_months") == months


def test_history_is_no_follow_up() -> None:
    text = "A 50-year-old man had had a nephrectomy four years earlier. He presented with pain for 3 weeks."
    assert field(text, "follow_up_months") is None


def test_a_presentation_years_later_starts_the_clock_again() -> None:
    text = (
        "A 50-year-old man underwent nephrectomy for cancer. Five years later he presented with paraparesis. "
        "A laminectomy was performed. Six months later he walked."
    )
    assert field(text, "follow_up_months") == 6


def test_dates_give_the_time_between() -> None:
    text = WHO + "In November 2012 the tumour was resected. In March 2014 she was well."
    (claim,) = case(text).of("follow_up_months")
    assert claim.certainty == "derived"
    assert abs(float(claim.value) - 16) < 0.2
    assert [q.text for q in claim.quotes] == ["March 2014", "November 2012"]


def test_a_chained_time_names_its_parts() -> None:
    text = CUT + "Five months later the tumour recurred. Six months later she was alive."
    (claim,) = case(text).of("follow_up_months")
    assert (claim.value, claim.certainty, claim.derivation) == (11, "derived", "sum of intervals: 5 + 6")
    assert [q.text for q in claim.quotes] == ["Six months later", "Five months later"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A local recurrence was found after 5 months.", "yes"),
        ("The disease progressed despite chemotherapy.", "yes"),
        ("At 9 months the lesion had regrown.", "yes"),
        ("There was no evidence of recurrence at one year.", "no"),
        ("She remains disease-free.", "no"),
        ("Neither MRI nor CT showed any evidence of disease.", "no"),
        ("Recurrence has not been observed.", "no"),
        ("Her back pain recurred.", None),
        ("The recurrent laryngeal nerve was spared.", None),
        ("She is monitored for recurrence.", None),
        ("All margins were free of tumour.", None),
        ("A relapse was treated, and no further relapse was seen.", "yes"),
    ],
)
def test_recurrence(text: str, value: str | None) -> None:
    assert field(CUT + text, "recurrence") == value


def test_recurrent_disease_in_the_history_counts() -> None:
    assert field("A 60-year-old man had a recurrent chordoma of the sacrum.", "recurrence") == "yes"


def test_time_of_recurrence() -> None:
    text = CUT + "Five months after surgery a local recurrence was found. She died at 14 months."
    assert field(text, "recurrence_months") == 5
    assert field(text, "follow_up_months") == 14


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("She died of pneumonia.", "dead"),
        ("She succumbed to the disease.", "dead"),
        ("She is alive two years after surgery.", "alive"),
        ("The pain was relieved.", "alive"),
        ("Staining for programmed cell death protein was positive.", None),
        ("Her brother died of colonic cancer.", None),
        ("Her brother wrote that she died abroad.", "dead"),
        ("Chemotherapy was started.", None),
    ],
)
def test_status(text: str, value: str | None) -> None:
    assert field(CUT + text, "status") == value


def test_quotes_carry_the_words() -> None:
    found = case(CUT + "There were no signs of recurrence 18 months after surgery.")
    quotes = {c.field: c.quotes[0].text for c in found.claims}
    quotes = {k: v for k, v in quotes.items() if k in ("recurrence", "follow_up_months")}
    assert quotes == {"recurrence": "no signs of recurrence", "follow_up_months": "18 months after surgery"}


@pytest.mark.parametrize(
    "text", ["She was well 12 months after surgery.", "She died on postoperative day 19."]
)
def test_a_stated_time_can_be_read_again_from_its_quote(text: str) -> None:
    (claim,) = case(CUT + text).of("follow_up_months")
    (again,) = times(claim.quotes[0].text.lower())
    assert again.months == pytest.approx(float(claim.value), abs=0.01)
