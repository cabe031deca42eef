"""Every row of the clinical lexicons: columns, vocabulary, order, sources.

How to read the files:

- `concept` may join several values with "+" ("motor_deficit+sensory_deficit"). In procedures.tsv a row with
  `spinal` "either" writes its concept as "A|B": A where the spine is meant, B elsewhere; either may be empty.
- A row without concept keeps its words from being read as something shorter ("surgical biopsy" is no surgery,
  "abdominal pain" is no pain of the spine): the longest term wins and yields nothing.
- `note` is a list of remarks joined with "; "; those of `REMARKS` steer the engine, free words explain.
"""

from __future__ import annotations

import pytest

from spondyl.words.terms import Tokens
from spondyl.words.tsv import rows

PACKAGE = "spondyl.extract.lexicons"
COLUMNS = {
    "drugs.tsv": ("term", "concept", "class", "language", "source", "note"),
    "markers.tsv": ("term", "concept", "kind", "language", "source", "note"),
    "procedures.tsv": ("term", "concept", "treatment", "spinal", "language", "source", "note"),
    "treatments.tsv": ("term", "concept", "language", "source", "note"),
    "presentations.tsv": ("term", "concept", "language", "source", "note"),
}
TREATMENTS = {
    "surgery", "radiotherapy", "chemotherapy", "targeted_therapy", "immunotherapy", "hormone_therapy",
    "bone_modifying_agent", "corticosteroid", "radionuclide", "ablation", "transplant", "palliative_care",
}  # fmt: skip
PROCEDURES = {
    "laminectomy", "decompression", "corpectomy", "spondylectomy", "fixation", "vertebroplasty",
    "kyphoplasty", "spinal_tumour_resection", "biopsy", "long_bone_fixation", "arthroplasty", "nephrectomy",
    "mastectomy", "thyroidectomy", "prostatectomy", "hysterectomy", "orchiectomy", "lobectomy", "colectomy",
    "other_resection",
}  # fmt: skip
PRESENTATIONS = {
    "pain", "motor_deficit", "paraplegia", "tetraplegia", "sensory_deficit", "sphincter_dysfunction",
    "gait_disturbance", "cord_compression", "pathologic_fracture", "mass",
}  # fmt: skip
CLASSES = {
    "chemotherapy", "targeted_therapy", "immunotherapy", "hormone_therapy", "bone_modifying_agent",
    "corticosteroid", "radionuclide", "other",
}  # fmt: skip
REMARKS = {
    "regimen": "a combination; its drugs stand in the concept",
    "no-drugs": "counts for the treatment class, never for the list of drugs",
    "needs-definition": "read only where the text itself spells the abbreviation out",
    "upper-case": "read only where the text writes it exactly so",
    "plural only": "read only where the text writes it exactly so, in the plural",
    "misspelling": "a wrong spelling met in papers",
    "needs-cancer-context": "counts only for the tumour",
    "needs-immuno-context": "counts only among immunostains",
    "needs-spinal-context": "counts only for spine, limb or bone",
    "needs-spine": "counts only for the spine",
    "needs-limb-context": "counts only for a limb",
    "needs-bone-context": "counts only for bone",
    "needs-palpable-context": "counts as a complaint or when felt, not when an image shows it",
    "needs-operation": "counts only with a word of operating in the sentence",
    "needs-dose": "counts only with a dose in mg after it",
    "needs-giving-context": "counts only beside a word of treating",
    "non-cancer": "a disease that is no tumour: a drug beside it is not given for the tumour",
    "blocks": "yields nothing and covers a shorter term",
    "denies": "the words themselves deny the concept",
    "denied-only": "counts only when denied",
    "doubtful": "less certain than the other terms",
    "weak": "too weak to stand alone",
    "accompanies": "counts only where no other operation is named with it",
    "approach": "a way in, no operation on the tumour by itself",
    "not-tumour-surgery": "an operation, but not on the tumour",
    "not-biopsy": "a sample, but no biopsy",
    "not-imaging-finding": "counts as an operation, not as what an image shows afterwards",
    "implies-operation": "only says that there was an operation",
    "diagnostic": "done for diagnosis, no operation on the tumour",
    "temporary": "no lasting fixation",
    "treatment-only": "names the treatment, no procedure",
}


def table(name: str) -> list[dict[str, str]]:
    return list(rows(PACKAGE, name, COLUMNS[name]))


def remarks(row: dict[str, str]) -> list[str]:
    return [n for n in row["note"].split("; ") if n]


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_stand_in_order(name: str) -> None:
    assert tuple(table(name)[0]) == COLUMNS[name]


@pytest.mark.parametrize("name", COLUMNS)
def test_terms_are_sorted_and_stand_once(name: str) -> None:
    terms = [r["term"].lower() for r in table(name)]
    assert terms == sorted(terms)
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("name", COLUMNS)
def test_no_two_terms_are_spellings_of_one(name: str) -> None:
    seen: dict[tuple[str, ...], str] = {}
    for row in table(name):
        if {"upper-case", "plural only"}.isdisjoint(remarks(row)):
            words = tuple(Tokens(row["term"].lower()).words)
            assert words, row
            assert seen.setdefault(words, row["term"]) == row["term"]


@pytest.mark.parametrize("name", COLUMNS)
def test_cells_are_trimmed_and_no_row_lacks_term_language_or_source(name: str) -> None:
    for row in table(name):
        assert all(v == v.strip() and "  " not in v for v in row.values()), row
        assert row["term"], row
        assert row["source"], row
        assert row["language"] in {"en", "fr"}, row
        assert row["concept"] == row["concept"].lower(), row


@pytest.mark.parametrize("name", COLUMNS)
def test_remarks_are_known(name: str) -> None:
    for row in table(name):
        if row.get("class") == "other":
            continue
        for remark in remarks(row):
            assert remark in REMARKS or remark.startswith(("same-as ", "not-")), row


@pytest.mark.parametrize("name", COLUMNS)
def test_terms_wanted_in_upper_case_have_upper_case_letters(name: str) -> None:
    for row in table(name):
        assert "upper-case" not in remarks(row) or any(c.isupper() for c in row["term"]), row


def test_drugs_have_a_class_and_a_generic_name() -> None:
    for row in table("drugs.tsv"):
        assert row["concept"], row
        assert row["class"] in CLASSES, row
        assert row["class"] != "other" or remarks(row)[1:], f"say why: {row}"
        assert ("+" in row["concept"]) <= ("regimen" in remarks(row)), row
        assert "regimen" not in remarks(row) or "no-drugs" in remarks(row), row


def test_one_generic_name_has_one_class_and_regimens_name_drugs_of_the_file() -> None:
    single = [r for r in table("drugs.tsv") if "regimen" not in remarks(r)]
    classes: dict[str, set[str]] = {}
    for row in single:
        classes.setdefault(row["concept"], set()).add(row["class"])
    assert {c: k for c, k in classes.items() if len(k) > 1} == {}
    for row in table("drugs.tsv"):
        if "regimen" in remarks(row):
            assert set(row["concept"].split("+")) <= set(classes), row


def test_markers_have_a_kind_and_synonyms_point_to_markers() -> None:
    concepts = {r["concept"] for r in table("markers.tsv")}
    for row in table("markers.tsv"):
        assert row["concept"], row
        assert row["kind"] in {"marker", "index", "serum_also"}, row
        assert not row["concept"].endswith(("+", "-")), row
        for remark in remarks(row):
            assert not remark.startswith("same-as ") or remark[8:] in concepts, row


def test_procedures_and_the_treatments_they_imply_are_of_the_vocabulary() -> None:
    for row in table("procedures.tsv"):
        assert row["spinal"] in {"yes", "no", "either"}, row
        assert ("|" in row["concept"]) <= (row["spinal"] == "either"), row
        names = {n for part in row["concept"].split("|") for n in part.split("+")} - {""}
        assert names <= PROCEDURES, row
        assert set(row["treatment"].split("+")) - {""} <= TREATMENTS, row
        assert bool(row["treatment"]) == bool(names - {"biopsy"}) or "treatment-only" in remarks(row), row
        assert names or row["treatment"] or remarks(row), f"say why nothing follows: {row}"


@pytest.mark.parametrize(
    ("name", "vocabulary"), [("treatments.tsv", TREATMENTS), ("presentations.tsv", PRESENTATIONS)]
)
def test_concepts_are_of_the_vocabulary(name: str, vocabulary: set[str]) -> None:
    for row in table(name):
        assert set(row["concept"].split("+")) - {""} <= vocabulary, row
        assert row["concept"] or any(n == "blocks" or n.startswith("not-") for n in remarks(row)), row
        assert not row["concept"] or "blocks" not in remarks(row), row


@pytest.mark.parametrize(
    ("name", "vocabulary"), [("treatments.tsv", TREATMENTS), ("presentations.tsv", PRESENTATIONS)]
)
def test_every_concept_has_a_term_that_counts_without_conditions(name: str, vocabulary: set[str]) -> None:
    plain = {r["concept"] for r in table(name) if not r["note"]}
    assert vocabulary <= plain


def test_every_procedure_has_a_term_that_counts_without_conditions() -> None:
    plain = {n for r in table("procedures.tsv") if not r["note"] for n in r["concept"].split("|")}
    assert plain >= PROCEDURES


@pytest.mark.parametrize(
    ("name", "term", "wanted"),
    [
        ("drugs.tsv", "5-FU", {"concept": "fluorouracil", "class": "chemotherapy"}),
        ("drugs.tsv", "Zometa", {"concept": "zoledronic acid", "class": "bone_modifying_agent"}),
        ("drugs.tsv", "Xgeva", {"concept": "denosumab", "class": "bone_modifying_agent"}),
        ("drugs.tsv", "Zoladex", {"concept": "goserelin", "class": "hormone_therapy"}),
        ("drugs.tsv", "leuprorelin", {"concept": "leuprolide", "class": "hormone_therapy"}),
        ("drugs.tsv", "trastuzumab", {"class": "targeted_therapy"}),
        ("drugs.tsv", "nivolumab", {"class": "immunotherapy"}),
        ("drugs.tsv", "mitotane", {"class": "chemotherapy"}),
        ("drugs.tsv", "bortezomib", {"class": "chemotherapy"}),
        ("drugs.tsv", "interferon-α", {"concept": "interferon alfa", "class": "immunotherapy"}),
        ("drugs.tsv", "Solu-Medrol", {"concept": "methylprednisolone", "class": "corticosteroid"}),
        ("drugs.tsv", "leucovorin", {"class": "other"}),
        ("markers.tsv", "smooth muscle actin", {"concept": "sma"}),
        ("markers.tsv", "estrogen receptor", {"concept": "er"}),
        ("markers.tsv", "MIC2", {"concept": "cd99"}),
        ("markers.tsv", "c-kit", {"concept": "c-kit", "note": "same-as cd117"}),
        ("markers.tsv", "PSA", {"kind": "serum_also"}),
        ("markers.tsv", "Ki-67", {"kind": "index"}),
        ("procedures.tsv", "resection", {"concept": "spinal_tumour_resection|other_resection"}),
        ("procedures.tsv", "decompression", {"concept": "decompression|", "treatment": "surgery"}),
        ("procedures.tsv", "biopsy", {"concept": "biopsy", "treatment": ""}),
        ("procedures.tsv", "hemicolectomy", {"concept": "colectomy", "treatment": "surgery"}),
        ("procedures.tsv", "decompressive radiotherapy", {"concept": "", "treatment": ""}),
        ("treatments.tsv", "CyberKnife", {"concept": "radiotherapy"}),
        ("treatments.tsv", "radioiodine", {"concept": "radionuclide"}),
        ("treatments.tsv", "embolization", {"concept": "ablation"}),
        ("treatments.tsv", "antimycobacterial chemotherapy", {"concept": ""}),
        ("presentations.tsv", "quadriplegia", {"concept": "tetraplegia"}),
        ("presentations.tsv", "sensorimotor deficit", {"concept": "motor_deficit+sensory_deficit"}),
        ("presentations.tsv", "neurological deficit", {"note": "denied-only"}),
        ("presentations.tsv", "cauda equina syndrome", {"concept": "cord_compression"}),
        ("presentations.tsv", "abdominal pain", {"concept": ""}),
        ("presentations.tsv", "neck mass", {"concept": "mass", "note": "needs-palpable-context"}),
    ],
)
def test_terms_mean_what_annotators_read(name: str, term: str, wanted: dict[str, str]) -> None:
    (row,) = [r for r in table(name) if r["term"] == term]
    assert {k: row[k] for k in wanted} == wanted
