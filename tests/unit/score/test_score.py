"""One patient: what a clinician knows goes in, points and bands come out, nothing is imputed."""

from __future__ import annotations

from typing import Any

import pytest

from spondyl import score
from spondyl.record import UsageError

SINS = {
    "location": "junctional", "pain": "mechanical", "bone": "lytic", "alignment": "normal", "collapse": "lt50",
    "posterolateral": "bilateral",
}  # fmt: skip
TOKUHASHI = {"general": "good", "extraspinal_bone": "0", "vertebral": "1", "organs": "none", "palsy": "none"}


def answer(sheet: str, **given: Any) -> tuple[str, ...]:
    (item,) = given
    return next(i.options for i in score.score(sheet, given).items if i.id == item)


def test_a_complete_score_has_a_total_and_a_band() -> None:
    result = score.score("sins", **SINS)
    assert (result.total, result.low, result.high) == (13, 13, 13)
    assert result.band is not None
    assert result.band.id == "unstable"
    assert (result.missing, result.find_out) == ((), ())


def test_json_has_what_is_promised() -> None:
    out = score.score("sins", {**SINS, "pain": "unknown"}).as_dict()
    promised = {"sheet", "version", "total", "low", "high", "band", "items", "missing", "evidence", "sources"}
    assert promised <= set(out)
    assert (out["total"], out["low"], out["high"], out["band"]) == (None, 10, 13, None)
    assert out["missing"] == ["pain"]
    assert [i["points"] for i in out["items"]] == [3, None, 2, 0, 2, 3]
    assert out["sources"][0]["id"] == "fisher2010"


def test_what_is_missing_makes_an_interval_and_says_what_decides() -> None:
    result = score.score("sins", location="mobile", bone="lytic", alignment="normal", collapse="none",
                         posterolateral="unilateral")  # fmt: skip
    assert (result.interval, result.band, result.total) == ("5–8", None, None)
    assert result.find_out[0].words == "pain decides: 5–8, stable or indeterminate / potentially unstable"


def test_a_band_that_both_ends_share_is_told() -> None:
    result = score.score("mirels", site="peritrochanteric", lesion="lytic", size="gt_two_thirds")
    assert result.interval == "10–12"
    assert result.band is not None
    assert result.band.id == "high"
    assert result.find_out[0].words.startswith("pain would not move the band")


def test_what_could_move_the_band_most_comes_first() -> None:
    result = score.score(
        "sins", location="junctional", pain="mechanical", bone="lytic", posterolateral="bilateral"
    )
    assert result.missing == ("alignment", "collapse")
    left = {q.id: sum(map(len, q.bands.values())) / len(q.bands) for q in result.find_out}
    assert left["alignment"] <= left["collapse"]


@pytest.mark.parametrize(
    ("level", "segment"),
    [
        ("C2", "junctional"), ("C3", "mobile"), ("C6", "mobile"), ("C7", "junctional"), ("c7", "junctional"),
        ("T2", "junctional"), ("T3", "semirigid"), ("D7", "semirigid"), ("Th10", "semirigid"), ("T11", "junctional"),
        ("L1", "junctional"), ("L2", "mobile"), ("L4", "mobile"), ("L5", "junctional"), ("S1", "junctional"),
        ("S2", "rigid"), ("S5", "rigid"), ("occiput", "junctional"), ("C4-C6", "mobile"), ("T4, T5", "semirigid"),
    ],
)  # fmt: skip
def test_a_level_is_a_segment(level: str, segment: str) -> None:
    assert answer("sins", location=level) == (segment,)


def test_levels_of_two_segments_stay_open() -> None:
    assert answer("sins", location="C6-C7") == ("junctional", "mobile")


@pytest.mark.parametrize(
    ("sheet", "given", "options"),
    [
        ("tokuhashi_2005", {"general": "KPS 70"}, ("moderate",)),
        ("tokuhashi_2005", {"general": 80}, ("good",)),
        ("tokuhashi_2005", {"general": "KPS 70-80"}, ("moderate", "good")),
        ("tokuhashi_2005", {"palsy": "Frankel D"}, ("incomplete",)),
        ("tokuhashi_2005", {"palsy": "e"}, ("none",)),
        ("tokuhashi_2005", {"vertebral": "4"}, ("ge3",)),
        ("tokuhashi_2005", {"primary": "leiomyosarcoma"}, ("g2",)),
        ("tokuhashi_2005", {"primary": "Renal cell carcinoma"}, ("g3",)),
        ("tokuhashi_2005", {"primary": "colorectal carcinoma"}, ("g2", "g4")),
        ("tokuhashi_1990", {"primary": "melanoma"}, ("g1",)),
        ("bauer_modified", {"not_lung": "lung carcinoma"}, ("no",)),
        ("sins", {"collapse": "60%"}, ("gt50",)),
        ("sins", {"collapse": "<50%"}, ("lt50",)),
        ("sins", {"collapse": "50%"}, ("gt50", "lt50")),
        ("sins", {"collapse": "gt50|lt50"}, ("gt50", "lt50")),
        ("nesms", {"albumin": "32 g/L"}, ("lt3_5",)),
        ("nesms", {"albumin": "3.5"}, ("ge3_5",)),
        ("soma_2020", {"age": 70}, ("yes",)),
        ("fnclcc", {"mitoses": 20}, ("ge20",)),
        ("h2_fails", {"smoking": True}, ("yes",)),
        ("mizumoto_2008", {"ps": "KPS 70 by prasad2018"}, ("no",)),
        ("tokuhashi_2005", {"general": "ECOG 1 by conventional"}, ("moderate", "good")),
        ("noms", {"radiosensitive": "breast carcinoma"}, ("yes", "no")),
        ("ajcc8_sts_retroperitoneum", {"T": "12 cm"}, ("T3",)),
    ],
)
def test_what_a_clinician_knows_is_understood(
    sheet: str, given: dict[str, Any], options: tuple[str, ...]
) -> None:
    assert answer(sheet, **given) == options


def test_another_tumour_is_among_others_and_says_so() -> None:
    item = next(i for i in score.score("tokuhashi_2005", primary="leiomyosarcoma").items if i.id == "primary")
    assert "others" in item.how
    assert item.points == 2


@pytest.mark.parametrize(
    ("sheet", "given", "says"),
    [
        ("sinss", {}, "did you mean sins"),
        ("sins", {"locaton": "C7"}, "did you mean location"),
        ("sins", {"pain": "mech"}, "mechanical, non_mechanical, none; did you mean mechanical"),
        ("sins", {"location": "C9"}, "occiput to S5"),
        ("tokuhashi_2005", {"general": "KPS 75"}, "multiples of 10 from 0 to 100"),
        ("tokuhashi_2005", {"general": "KPS 110"}, "out of range"),
        ("tokuhashi_2005", {"general": "ECOG 1"}, "name the map"),
        ("tokuhashi_2005", {"primary": "lunng"}, "did you mean lung"),
        ("mizumoto_2008", {"ps": "KPS 70"}, "1 by conventional, 2 by prasad2018"),
        ("mizumoto_2008", {"ps": "KPS 70 by nobody"}, "the maps are conventional"),
        ("tomita_2001", {"primary": "leiomyosarcoma"}, "not among the tumours of primary"),
        ("bed_eqd2", {"n": "ten", "d": 2, "ab": 3}, "is no number"),
        ("bed_eqd2", {"n": 10, "d": -2, "ab": 3}, "0.01 to 100 Gy"),
        ("bed_eqd2", {"n": 2.5, "d": 2, "ab": 3}, "no whole number"),
        ("lei_2016", {"total": 11}, "from 0 to 10"),
        ("escc_bilsky", {"grade": "1d"}, "0, 1a, 1b, 1c, 2, 3"),
        ("ihc_leiomyosarcoma", {"SMA": "strong"}, r"takes \+ or -"),
        ("wbb", {"row": "F"}, "there are A, B, C, D, E"),
        ("ionm_alarm", {"mep_lost": "maybe"}, "takes yes or no"),
    ],
)
def test_a_mistake_gets_an_answer(sheet: str, given: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        score.score(sheet, given)


def test_the_cap_of_nesms_holds() -> None:
    assert score.score("nesms", bauer="ge3", ambulatory="yes", albumin="ge3_5").total == 3
    assert score.score("nesms", bauer="ge3").interval == "2–3"


def test_a_sheet_that_refuses_names_what_is_missing() -> None:
    result = score.score("noms", escc="2", radiosensitive="no")
    assert result.band is None
    assert result.refused.startswith("noms is not computed: tolerates_surgery, sins_unstable are missing")
    assert [g.id for g in result.possible] == ["separation_then_SRS", "cEBRT_palliative"]


def test_bands_without_items_say_why_they_cannot_be_computed() -> None:
    result = score.score("lei_2016")
    assert "cannot be computed" in result.refused
    found = score.score("lei_2016", total=6)
    assert found.band is not None
    assert found.band.id == "3"


def test_bed_has_units_and_no_default() -> None:
    result = score.score("bed_eqd2", n=10, d=3, ab=10)
    assert result.outputs == {"bed": pytest.approx(39), "eqd2": pytest.approx(32.5)}
    assert result.units == {"bed": "Gy", "eqd2": "Gy"}
    assert score.score("bed_eqd2", n=10, d=3).missing == ("ab",)


@pytest.mark.parametrize(
    ("raw", "answered", "band"), [(16, 10, "indeterminate"), (16, 9, "moderate"), (4, 9, None)]
)
def test_ndi_prorates_as_published(raw: int, answered: int, band: str | None) -> None:
    result = score.score("ndi", raw=raw, answered=answered)
    assert result.outputs["percent"] == pytest.approx(100 * raw / (5 * answered))
    expected = "moderate" if band == "indeterminate" else band
    assert (result.band.id if result.band else None) == expected


def test_ndi_refuses_with_too_few_sections() -> None:
    assert "fewer than 9" in score.score("ndi", raw=16, answered=8).refused
    assert not score.score("ndi", raw=16, answered=8, driving_not_applicable="yes").refused


def test_silence_of_a_criterion_is_not_no_alarm() -> None:
    result = score.score("ionm_alarm", mep_lost="no", dwave_drop_pct=60)
    assert result.fired == ("dwave50",)
    states = {r["criterion"]: r["state"] for r in result.rows}
    assert states["mep_loss"] == "not fired"
    assert states["ssep_amp50"] == "unknown"
    assert any("cannot be told" in note for note in result.notes)


def test_a_panel_argues_for_and_against_mimics() -> None:
    result = score.score("ihc_leiomyosarcoma", {"SMA": "+", "desmin": "+", "CD34": "-", "S100": "unknown"})
    verdicts = {r["row"]: r["verdict"] for r in result.rows}
    assert verdicts["lms"] == verdicts["leiomyoma"] == "compatible"
    assert verdicts["sft"] == verdicts["sarc_rcc"] == "argued against"
    assert "S100" in result.missing


def test_one_karnofsky_has_several_ecog_grades() -> None:
    rows = score.score("kps_ecog_maps", kps=70).rows
    assert {r["map"]: r["ecog"] for r in rows} == {
        "conventional": [1], "prasad2018": [2], "buccheri1996_single": [], "mdicu": [2],
    }  # fmt: skip


def test_cut_points_are_never_without_their_source() -> None:
    result = score.score("vas_nrs", value=34, scale_max=100)
    assert result.outputs["nrs10"] == pytest.approx(3.4)
    assert any("Serlin 1995" in note for note in result.notes)
    assert {r["label"] for r in result.rows} == {"mild pain", "moderate pain"}


def test_up_is_better_or_worse_in_words() -> None:
    better, worse = (score.score(n).sheet.direction for n in ("tokuhashi_2005", "tomita_2001"))
    assert (better, worse) == ("higher_better", "higher_worse")
    best = score.score("tokuhashi_2005", {**TOKUHASHI, "primary": "breast"})
    assert best.band is not None
    assert (best.total, best.band.label) == (15, "Predicted 1 year or more")
