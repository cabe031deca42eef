"""The tumours, sites and codes: every row in the vocabulary, in order, once, and what a row means.

Conventions of `tumours.tsv`
  concept   the diagnosis as the annotation guidelines name it; a subtype keeps the words of its family, so
            that "small cell lung carcinoma" is also a "lung carcinoma".
  site      the organ the name itself implies, empty where the histology arises in many places.
  note      "abbreviation"       matched with its capitals
            "needs-definition"   only where the paper explains it in parentheses
            "only-composed"      no diagnosis of its own, only with an organ beside it
            "with:PATTERN"       the diagnosis it makes with an organ; "{organ} carcinoma" stands for the
                                 organ's `carcinoma` in `sites.tsv`, elsewhere {organ} is its `name:`
            "is:CONCEPT"         the family it belongs to

Conventions of `sites.tsv`
  concept   the organ as a primary site; metastasis: the category of a metastasis there, empty in the spine;
  carcinoma the diagnosis a carcinoma of the organ makes, empty where none arises;
  note      "name:"      the organ's noun
            "squamous:", "adenocarcinoma:" the diagnosis where that histology makes another one
            "origin"     a metastasis named so ("prostatic metastasis") comes from the organ
            "plural only" as it stands, not in the singular
            "blocks"     no site at all ("bone scan", "smooth muscle actin"), kept from being read as one

Conventions of `codes.tsv`
  note      "match:exact": the codes mean the concept; "match:narrow": they mean the `term`, a part of it.
"""

from __future__ import annotations

import re

import pytest

from spondyl.words.terms import Entry, Terms, Tokens
from spondyl.words.tsv import rows

PACKAGE = "spondyl.extract.lexicons"
COMMON = ("term", "concept", "language", "source", "note")
TUMOURS = list(rows(PACKAGE, "tumours.tsv", (*COMMON, "site", "class")))
SITES = list(rows(PACKAGE, "sites.tsv", (*COMMON, "metastasis", "carcinoma", "kind")))
SHAPE = {
    "icdo3": r"\d{4}/\d(;\d{4}/\d)*",
    "ncit": r"C\d+",
    "mondo": r"MONDO:\d{7}",
    "oncotree": r"[A-Z]+",
    "icd10cm": r"[A-Z]\d\d(\.\d+)?",
    "uberon": r"UBERON:\d{7}",
}
CODES = list(rows(PACKAGE, "codes.tsv", (*COMMON, "kind", *SHAPE)))
FILES = {"tumours": TUMOURS, "sites": SITES, "codes": CODES}


def words(text: str) -> set[str]:
    return set(text.split())


CLASSES = words("carcinoma sarcoma haematological cns benign neuroendocrine germ_cell melanoma mimic generic")
PRIMARY = words(
    """
    adrenal anus appendix bile_duct bladder bone brain breast colon duodenum esophagus eye
    fallopian_tube gallbladder head_neck heart inferior_vena_cava kidney liver lung lymph_node
    mediastinum meninges orbit ovary pancreas parathyroid pelvis penis peritoneum pituitary pleura
    prostate rectum retroperitoneum skin small_bowel soft_tissue spinal_cord spine spleen stomach
    testis thymus thyroid trachea unknown ureter urethra uterus vagina vulva
    """
)
METASTASIS = words(
    """
    lung liver brain lymph_node adrenal skin soft_tissue kidney pleura peritoneum bone heart
    pancreas spleen orbit other
    """
)
LANGUAGES = {"en", "de", "fr", "es", "it", "hr"}
MARKS = {
    "abbreviation",
    "needs-definition",
    "only-composed",
    "vessel",
    "nerve",
    "origin",
    "blocks",
    "plural only",
}
KEYS = {"with", "is", "name", "squamous", "adenocarcinoma", "compartment"}


def marks(row: dict[str, str]) -> dict[str, str]:
    """The parts of a note, as mark → value."""
    return {part.partition(":")[0]: part.partition(":")[2] for part in row["note"].split("; ") if part}


def bad(table: list[dict[str, str]], column: str, allowed: set[str]) -> list[tuple[str, str]]:
    return [(row["term"], row[column]) for row in table if row[column] not in allowed]


@pytest.mark.parametrize("name", FILES)
def test_a_term_stands_once_in_a_language(name: str) -> None:
    seen: set[tuple[str, str]] = set()
    twice = []
    for row in FILES[name]:
        key = (row["term"], row["language"])
        twice += [key] if key in seen else []
        seen.add(key)
    assert not twice


@pytest.mark.parametrize("name", FILES)
def test_rows_are_sorted_and_have_term_concept_and_source(name: str) -> None:
    table = FILES[name]
    terms = [row["term"].encode() for row in table]
    assert terms == sorted(terms)
    assert not [row for row in table if not (row["term"].strip() and row["source"].strip())]
    assert not [v for row in table for v in row.values() if v != v.strip() or "  " in v]


@pytest.mark.parametrize("name", ["tumours", "sites"])
def test_only_abbreviations_have_capitals(name: str) -> None:
    table = FILES[name]
    assert not bad(table, "language", LANGUAGES)
    assert not [r["term"] for r in table if r["term"] != r["term"].lower() and "abbreviation" not in marks(r)]
    assert not [r["concept"] for r in table if r["concept"] != r["concept"].lower()]


@pytest.mark.parametrize("name", ["tumours", "sites"])
def test_notes_say_only_what_is_agreed(name: str) -> None:
    parts = {(part, row["term"]) for row in FILES[name] for part in row["note"].split("; ") if part}
    assert not {(p, t) for p, t in parts if p not in MARKS and p.partition(":")[0] not in KEYS}
    assert not {(p, t) for p, t in parts if ":" in p and not p.partition(":")[2]}


def test_tumours_keep_to_the_vocabulary() -> None:
    assert not bad(TUMOURS, "class", CLASSES)
    assert not bad(TUMOURS, "site", PRIMARY | {""})
    assert not [r["term"] for r in TUMOURS if not r["concept"]]


def test_families_are_concepts_and_keep_their_words() -> None:
    concepts = {r["concept"] for r in TUMOURS}
    families = [(r["concept"], family) for r in TUMOURS if (family := marks(r).get("is"))]
    assert families
    assert not [f for _, f in families if f not in concepts]


def test_a_generic_name_makes_a_diagnosis_with_an_organ() -> None:
    composed = [r for r in TUMOURS if "with" in marks(r)]
    assert composed
    assert not [r["term"] for r in composed if "{organ}" not in marks(r)["with"]]
    needing = [r for r in TUMOURS if "needs-definition" in marks(r)]
    assert needing
    assert not [r["term"] for r in needing if "abbreviation" not in marks(r)]


def test_sites_keep_to_the_vocabulary() -> None:
    assert not bad(SITES, "kind", words("organ bone spine node tissue region"))
    assert not bad(SITES, "concept", PRIMARY | {""})
    assert not bad(SITES, "metastasis", METASTASIS | {""})
    spinal = [r for r in SITES if r["kind"] == "spine"]
    assert spinal
    assert not bad(spinal, "metastasis", {""})
    bare = [r for r in SITES if not r["metastasis"] and r["kind"] not in ("spine", "region")]
    assert not [r["term"] for r in bare if "origin" not in marks(r)]
    blocks = [r for r in SITES if "blocks" in marks(r)]
    assert blocks
    assert not [r["term"] for r in blocks if r["concept"] or r["metastasis"] or r["carcinoma"]]
    assert not [r["term"] for r in SITES if r["carcinoma"] and "name" not in marks(r)]
    diagnoses = {r["concept"] for r in TUMOURS}
    rare = {f"{x} carcinoma" for x in ("scrotal", "seminal vesicle", "bartholin gland", "gastrointestinal")}
    assert not {r["carcinoma"] for r in SITES if r["carcinoma"]} - diagnoses - rare


@pytest.mark.parametrize(
    ("text", "concept", "site"),
    [
        ("infiltrating ductal carcinoma", "invasive ductal breast carcinoma", "breast"),
        ("adenocarcinoma of the lung", "lung carcinoma", "lung"),
        ("Hypernephroma", "renal cell carcinoma", "kidney"),
        ("clear cell carcinoma of the kidney", "clear cell renal cell carcinoma", "kidney"),
        ("oesophageal cancer", "esophageal carcinoma", "esophagus"),
        ("haemangiopericytoma", "solitary fibrous tumour (hemangiopericytoma)", ""),
        ("giant cell tumor", "giant cell tumour of bone", "bone"),
        ("Leiomyosarcoma", "leiomyosarcoma", ""),
        ("uterine leiomyosarcoma", "leiomyosarcoma", "uterus"),
        ("acute lymphoblastic leukaemia", "acute lymphoblastic leukemia", ""),
        ("Pott's disease", "tuberculosis", ""),
        ("Mammakarzinom", "breast carcinoma", "breast"),
        ("cancer du sein", "breast carcinoma", "breast"),
        ("RCC", "renal cell carcinoma", "kidney"),
    ],
)
def test_names_are_found_as_papers_write_them(text: str, concept: str, site: str) -> None:
    matcher = Terms(Entry("tumour", r["concept"], r["term"], r) for r in TUMOURS)
    hits = matcher.find(text, Tokens(text.lower()))
    assert [(h.concept, h.entry.row["site"], h.start, h.end) for h in hits] == [(concept, site, 0, len(text))]


@pytest.mark.parametrize("text", ["mm", "all", "net", "rcc", "a 5 cm mass", "cat"])
def test_small_letters_are_no_abbreviation(text: str) -> None:
    matcher = Terms(Entry("tumour", r["concept"], r["term"], r) for r in TUMOURS)
    assert not matcher.find(text, Tokens(text.lower()))


@pytest.mark.parametrize(
    ("text", "metastasis"),
    [
        ("left iliac bone", "bone"), ("axillary lymph nodes", "lymph_node"), ("hepatic", "liver"),
        ("omental", "peritoneum"), ("eighth rib", "bone"),
        ("psoas muscle", "soft_tissue"), ("bone scan", ""), ("prostatic", ""),
        ("cerebellar", "brain"), ("vertebral body", ""),
        ("suprarenal gland", "adrenal"), ("pericardial", "heart"), ("orbital", "orbit"), ("penile", "other"),
    ],
)  # fmt: skip
def test_sites_give_the_category_of_a_metastasis(text: str, metastasis: str) -> None:
    matcher = Terms(Entry("site", r["concept"], r["term"], r) for r in SITES)
    assert {h.entry.row["metastasis"] for h in matcher.find(text, Tokens(text.lower()))} == {metastasis}


def test_no_code_is_of_the_wrong_shape_or_known_to_be_wrong() -> None:
    for row in CODES:
        assert not [c for c, form in SHAPE.items() if row[c] and not re.fullmatch(form, row[c])], row
    by = {row["term"]: row for row in CODES}
    assert by["renal cell carcinoma"]["icdo3"] == "8312/3"
    assert by["T8"]["uberon"] == by["S5"]["uberon"] == ""
    assert not [c for c in CODES[0] if "snomed" in c]


def test_codes_are_of_diagnoses_and_levels() -> None:
    diagnoses = {r["concept"] for r in TUMOURS}
    tumours = [r for r in CODES if r["kind"] == "tumour"]
    assert not bad(tumours, "concept", diagnoses)
    assert not bad(tumours, "note", {"match:exact", "match:narrow"})
    assert not bad(CODES, "kind", {"tumour", "metastasis", "level", "part"})
    counts = {"C": 7, "T": 12, "L": 5, "S": 5}
    levels = {f"{k}{i}" for k, n in counts.items() for i in range(1, n + 1)}
    assert {r["concept"] for r in CODES if r["kind"] == "level"} == levels
