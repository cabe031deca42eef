"""Tumour names, their organs and abbreviations, and what a sentence makes of them (sentences invented)."""

from __future__ import annotations

import pytest

from spondyl.extract.document import Sentence, block
from spondyl.extract.organs import places
from spondyl.extract.shorthand import shorthand
from spondyl.extract.tumours import Mention, class_of, mentions
from spondyl.record import Paper, Section


def sentences(text: str) -> list[Sentence]:
    paper = Paper(id="t", source="t.txt", text=text)
    return block(paper, "other", [Section(kind="other", title="", start=0, end=len(text))]).sentences


def told(text: str) -> list[Mention]:
    return [m for s in sentences(text) for m in mentions(s)]


@pytest.mark.parametrize(
    ("text", "concept", "site"),
    [
        ("He had an adenocarcinoma of the lung.", "lung carcinoma", "lung"),
        (
            "Squamous cell carcinoma of the larynx was known.",
            "squamous cell carcinoma of larynx (laryngeal carcinoma)",
            "head_neck",
        ),
        ("A known carcinoma right buccal mucosa.", "oral carcinoma", "head_neck"),
        ("A leiomyosarcoma, 9 cm, of the uterus recurred.", "leiomyosarcoma", "uterus"),
        ("A retroperitoneal leiomyosarcoma had been excised.", "leiomyosarcoma", "retroperitoneum"),
        ("Biopsy showed adenocarcinoma.", "adenocarcinoma", ""),
    ],
)
def test_a_name_takes_the_organ_beside_it(text: str, concept: str, site: str) -> None:
    assert [(m.concept, m.site) for m in told(text)] == [(concept, site)]


@pytest.mark.parametrize(
    "text",
    [
        "There was no evidence of lymphoma.",
        "Her mother had breast cancer.",
        "Lung cancer is the most common primary in patients with metastases.",
        "He was given an Ewing sarcoma chemotherapy regimen.",
        "Primary tumours were myeloma 14, thyroid carcinoma 3, and others.",
        "A raised MM was seen.",
    ],
)
def test_what_is_denied_general_or_of_others_is_no_mention(text: str) -> None:
    assert told(text) == []


def test_a_negative_stain_does_not_deny_the_tumour() -> None:
    assert [
        m.concept for m in told("Pathology: adenocarcinoma of the lung, TTF-1 positive, ROS1 negative.")
    ] == ["lung carcinoma"]


def test_a_metastasis_in_an_organ_does_not_make_it_the_primary() -> None:
    found = told("A metastatic tumour of the left atrium from renal cell carcinoma was removed.")
    assert [(m.concept, m.site, m.spread) for m in found] == [("renal cell carcinoma", "kidney", True)]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The final diagnosis was chordoma.", "final"),
        ("Biopsy confirmed chordoma.", "final"),
        ("Histology: chordoma.", "final"),
        ("Chordoma was suspected.", "suspected"),
        ("The differential diagnosis included chordoma.", "suspected"),
        ("He was investigated for chordoma.", "suspected"),
        ("He had a history of chordoma.", "history"),
        ("He had a chordoma.", "told"),
    ],
)
def test_the_sentence_gives_the_role(text: str, role: str) -> None:
    assert [m.role for m in told(text)] == [role]


def test_a_verdict_outweighs_history_and_history_outweighs_suspicion() -> None:
    text = "He had a history of melanoma. Lymphoma was suspected. Biopsy confirmed schwannoma."
    weight = {m.concept: m.weight for m in told(text)}
    assert weight["schwannoma"] > weight["melanoma"] > weight["lymphoma"] > 0


def test_a_paper_defines_its_own_abbreviations() -> None:
    text = "An extraskeletal myxoid chondrosarcoma (EMC) was found. Later the EMC recurred."
    assert [m.concept for m in told(text)] == ["extraskeletal myxoid chondrosarcoma"] * 2
    assert [m.concept for m in told("Later the ZQX recurred.")] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a malignant melanoma (MM) of the heel", {"MM": "melanoma"}),
        ("LMSB (poorly differentiated leiomyosarcoma of the bladder; pT2)", {"LMSB": "leiomyosarcoma"}),
        ("a leiomyosarcoma (MRI) and a lipoma (CT)", {}),
        ("magnetic resonance imaging (MRI)", {}),
    ],
)
def test_an_abbreviation_must_spell_the_tumour(text: str, found: dict[str, str]) -> None:
    assert {short: e.concept for short, e in shorthand(text)[0].items()} == found


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("A polypoid lesion sat on the fundus of the gallbladder.", "gallbladder"),
        ("She noticed a breast lump.", "breast"),
        ("The mass originated from the left adrenal gland.", "adrenal"),
        ("CT showed a renal mass.", "kidney"),
        ("There was a soft tissue tumour of the thigh.", "soft_tissue"),
    ],
)
def test_the_organ_that_holds_the_mass(text: str, site: str) -> None:
    assert [k.site for k in places(sentences(text))] == [site]


@pytest.mark.parametrize(
    "text",
    [
        "There was no lung mass.",
        "A metastatic liver lesion was seen.",
        "The lesion compressed the cord with involvement of the psoas muscle.",
        "Both lungs were normal.",
    ],
)
def test_no_organ_without_a_mass_of_its_own(text: str) -> None:
    assert list(places(sentences(text))) == []


def test_names_have_a_class() -> None:
    assert class_of("tuberculosis") == "mimic"
    assert class_of("squamous cell carcinoma of rectum") == "carcinoma"
    assert class_of("sarcoma of soft tissue") == "carcinoma" or class_of("sarcoma") == "generic"
