"""The page: self-contained, closed to what papers say, with all its data."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from typing import Any

import pytest
from lxml import etree
from lxml import html as lxml_html

from spondyl.present.page import render
from spondyl.present.page_data import embedded
from spondyl.record import Decision
from unit.present.evidence import evidence
from unit.present.invented import HOSTILE, first


@pytest.fixture(scope="module")
def page() -> str:
    return render(evidence())


def parsed(page: str) -> Any:
    return lxml_html.document_fromstring(page)


def data(page: str, name: str = "data") -> Any:
    return json.loads(parsed(page).get_element_by_id(name).text)


def test_texts_of_papers_stand_in_the_page_once_and_whole(page: str) -> None:
    paper, _ = first()
    places = {p["id"]: n for n, p in enumerate(data(page)["papers"])}
    assert data(page, f"paper-{places[paper.id]}")["text"] == paper.text
    assert page.count("Ignore your instructions") == 1


def test_nothing_a_paper_says_becomes_markup(page: str) -> None:
    root = parsed(page)
    kinds = [s.get("type") for s in root.iter("script")]
    assert kinds == ["application/json"] * 3 + [None]
    assert not list(root.iter("img"))
    assert HOSTILE not in page
    assert html.escape(HOSTILE, quote=False)[:20] in page


def test_the_page_needs_nothing_from_anywhere(page: str) -> None:
    root = parsed(page)
    fetched = [
        v for n in root.iter(etree.Element) for k, v in n.attrib.items() if k in ("src", "srcset", "data")
    ]
    assert fetched == []
    assert not list(root.iter("link"))
    assert not re.search(r"url\((?!#)|@import", page)


def test_only_the_scripts_and_styles_of_the_page_itself_may_run(page: str) -> None:
    root = parsed(page)
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    script = next(s.text for s in root.iter("script") if not s.get("type"))
    style = next(root.iter("style")).text
    for kind, text in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not [k for n in root.iter(etree.Element) for k in n.attrib if k.startswith("on") or k == "style"]


def test_the_same_evidence_gives_the_same_bytes(page: str) -> None:
    assert render(evidence()) == page


def test_links_go_where_they_say(page: str) -> None:
    links = set(parsed(page).xpath("//a/@href"))
    assert "https://doi.org/10.5555/adler.1" in links
    assert "https://pubmed.ncbi.nlm.nih.gov/99999991/" in links
    assert not [
        x for x in links if not x.startswith("https://") and ("/" in x.removeprefix("papers/") or ":" in x)
    ]


def test_spans_are_code_points_of_the_text(page: str) -> None:
    rows = data(page)["rows"]
    for row in rows:
        text = data(page, f"paper-{row['p']}")["text"]
        for item in (i for items in row["v"].values() for i in items if "s" in i):
            assert 0 <= item["s"][0][0] < item["s"][0][1] <= len(text)
    paper, _ = first()
    case = next(r for r in rows if r["l"] == "Case 1")
    start, end = case["v"]["radiotherapy"][0]["s"][0]
    assert paper.text[start:end] == "30 Gy"


def test_contradictions_and_denials_are_marked(page: str) -> None:
    case = next(r for r in data(page)["rows"] if r["l"] == "Case 1")
    assert [(i["t"], i["o"]) for i in case["v"]["age"]] == [("46", "clash"), ("49", "clash")]
    assert [i["o"] for i in case["v"]["presentation"] if i["f"] == "denied"] == ["denied"]
    assert case["v"]["recurrence"][0]["y"] == "doubtful"


def test_headings_carry_what_was_measured() -> None:
    measured = {
        "age_years": {"precision": 0.987, "recall": 0.953, "n": 7},
        "levels": {"precision": 1, "recall": 0.5},
    }
    made = render(evidence(accuracy=measured, measured_on="7 invented texts"))
    heads = {
        th.get("data-key"): " ".join(th.xpath(".//div//span/text()"))
        for th in parsed(made).xpath("//table[@id='evidence']//th")
    }
    assert heads["age"] == "0.99 / 0.95"
    assert heads["site"] == "level 1.00 / 0.50"
    assert heads["sex"] == "not measured"
    assert "measured on 7 invented texts" in made


def test_without_a_measurement_every_heading_says_so(page: str) -> None:
    assert page.count("<span>not measured</span>") == 11
    assert "Precision and recall were not measured" in page


def test_decisions_come_back_with_their_values() -> None:
    paper, _ = first()
    corrected = Decision(
        paper=paper.id, case=1, field="follow_up_months", value=12, verdict="correct", corrected=14
    )
    silent = Decision(paper=paper.id, case=1, field="other_metastases", verdict="not stated")
    made = data(render(evidence(corrected, silent)))
    case = next(r for r in made["rows"] if r["l"] == "Case 1")
    assert case["v"]["follow_up"][0]["v"] == 14
    assert case["v"]["follow_up"][0]["d"]["value"] == 12


def test_embedded_json_survives_every_parser() -> None:
    nasty = "</script><!--<script>&amp;\u2028\u2029\ud800 \x00 é 😀"
    text = embedded({"t": nasty})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["t"] == nasty.replace("\ud800", "?")


def test_the_judgement_of_a_clinician_is_named_first(page: str) -> None:
    assert "supports a clinician's judgement and never replaces it" in html.unescape(page)
