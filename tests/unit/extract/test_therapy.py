"""Treatments, procedures, drugs and extent of resection, on invented sentences."""

from __future__ import annotations

import pytest

from spondyl.extract import reading
from spondyl.record import Paper


def fields(text: str) -> dict[str, object]:
    (case,) = reading(
        Paper(id="invented", source="invented", text=f"A 50-year-old woman was seen. {text}")
    ).cases
    return dict(case.fields)


def several(text: str, field: str) -> set[str]:
    value = fields(text).get(field, [])
    return set(value) if isinstance(value, (list, tuple)) else {str(value)}


@pytest.mark.parametrize(
    ("text", "treatments"),
    [
        ("Her mother had been treated with chemotherapy.", set()),
        ("He is scheduled to undergo radiotherapy.", set()),
        (
            "Options such as surgery and chemotherapy were explained; he accepted only radiotherapy.",
            {"radiotherapy"},
        ),
        ("The oncologist considered nivolumab, but comfort measures were preferred.", {"palliative_care"}),
        ("He was addressed to the oncologists for chemotherapy.", set()),
        ("She received radiotherapy and six cycles of chemotherapy.", {"radiotherapy", "chemotherapy"}),
        ("Chemotherapy was not administered because of renal failure.", set()),
        ("She declined adjuvant chemotherapy.", set()),
        ("Adjuvant chemotherapy was offered, which she declined.", set()),
        ("Radiotherapy was proposed, but she refused it.", set()),
        ("Chemotherapy is proposed for the next month.", set()),
        ("She received radiotherapy and is proposed for chemotherapy.", {"radiotherapy"}),
        ("After surgery she declined radiotherapy.", {"surgery"}),
        ("She was planned to be treated with radiotherapy.", set()),
        ("Laminectomy was planned, followed by radiotherapy.", set()),
        ("The oncologists felt that sorafenib would do harm.", set()),
        ("Pazopanib was kept in reserve.", set()),
        ("To avoid an operation, radiosurgery of T5 was performed.", {"radiotherapy"}),
        ("No laminectomy was needed.", set()),
        ("Neither radiotherapy nor surgery was thought necessary.", set()),
        ("External beam irradiation was put aside.", set()),
        (
            "She was without evidence of disease after combined surgery and irradiation.",
            {"surgery", "radiotherapy"},
        ),
        ("A bone scan has not shown other lesions, and chemotherapy was started.", {"chemotherapy"}),
        ("She took imatinib (Glivec) chemotherapy.", {"targeted_therapy"}),
        ("Methotrexate was given for rheumatoid arthritis.", set()),
        ("The lesion was embolised.", {"ablation"}),
        ("Vertebroplasty of L2 was done.", {"surgery"}),
        ("Transarterial chemoembolisation was carried out twice.", {"ablation", "chemotherapy"}),
        ("She was referred to the palliative care unit.", {"palliative_care"}),
        ("The lesion at T8 was given 30 Gy.", {"radiotherapy"}),
        ("RT-PCR was positive.", set()),
        ("Post-operative RT was given to the spine.", {"surgery", "radiotherapy"}),
        ("An allogeneic transplant followed.", {"transplant"}),
        (
            "Dexamethasone was begun and zoledronic acid given monthly.",
            {"corticosteroid", "bone_modifying_agent"},
        ),
        ("The treatment of choice is surgery.", set()),
        ("She was not given radiotherapy.", set()),
        ("She was judged unfit for chemotherapy.", set()),
        ("She was not considered a candidate for surgery.", set()),
        ("Surgery was contraindicated.", set()),
        ("It was decided against chemotherapy.", set()),
        ("Chemotherapy could not be given.", set()),
        ("She did not tolerate chemotherapy with cisplatin, which was stopped.", {"chemotherapy"}),
    ],
)
def test_treatments_given(text: str, treatments: set[str]) -> None:
    assert several(text, "treatments") == treatments


@pytest.mark.parametrize(
    ("text", "procedures"),
    [
        ("Decompressive laminectomy of T4 was performed.", {"laminectomy", "decompression"}),
        ("A laminectomy of T4 was performed.", {"laminectomy"}),
        ("Decompression of the cord was recommended and carried out the same night.", {"decompression"}),
        ("The board recommended corpectomy; this was done on day 3.", {"corpectomy"}),
        ("The body of T8 was removed and replaced by a cage.", {"corpectomy", "fixation"}),
        ("No fixation was added to the laminectomy.", {"laminectomy"}),
        ("A nephrectomy was done. The resected tumour weighed 300 g.", {"nephrectomy"}),
        ("Biopsies were negative.", {"biopsy"}),
        ("A biopsy was not performed.", set()),
        ("MRI showed spinal cord decompression.", set()),
        ("Her left kidney had been removed.", {"nephrectomy"}),
        ("A tumour of the left kidney was seen.", set()),
        ("The prostate was removed for cancer.", {"prostatectomy"}),
        ("Removal of the epidural tumour at T6 was accomplished.", {"spinal_tumour_resection"}),
        ("A nodule of the right lung was excised.", {"other_resection"}),
        ("Total en bloc spondylectomy of T7 was done.", {"spondylectomy", "spinal_tumour_resection"}),
        ("T6 corpectomy with an expandable cage was done.", {"corpectomy", "fixation"}),
        ("Her condition was stabilized.", set()),
        ("Numbness stabilized after surgery.", set()),
        ("The spine was stabilized with pedicle screws.", {"fixation"}),
        ("A right hemicolectomy with lymphadenectomy was performed.", {"colectomy"}),
        ("Hysterectomy with bilateral salpingo-oophorectomy was performed.", {"hysterectomy"}),
        ("Pelvic lymphadenectomy was performed.", {"other_resection"}),
        ("She had a colon cancer excised (right hemicolectomy).", {"colectomy"}),
        ("The femur was fixed with a long gamma nail.", {"long_bone_fixation"}),
        (
            "Wide resection of the distal femur and a hinged endoprosthesis were done.",
            {"other_resection", "arthroplasty"},
        ),
        ("A ventriculo-peritoneal shunt was placed.", set()),
        ("The surgeons had been consulted about pedicle screw fixation.", set()),
        ("Kyphoplasty of L1 was performed.", {"kyphoplasty"}),
        ("The intradural tumour at L3 was resected.", {"spinal_tumour_resection"}),
    ],
)
def test_procedures_done(text: str, procedures: set[str]) -> None:
    assert several(text, "procedures") == procedures


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("She was given Zoladex and Xgeva.", {"goserelin", "denosumab"}),
        ("Carboplatin plus paclitaxel were given.", {"carboplatin", "paclitaxel"}),
        ("Pamidronate 90 mg was given monthly.", {"pamidronate"}),
        ("Dex 16 mg was given.", {"dexamethasone"}),
        ("Nivolumab was not available.", set()),
        ("Axitinib was not initiated.", set()),
        ("Fulvestrant was prescribed instead of anastrozole.", {"fulvestrant"}),
        ("Zoledronic acid was advised but could not be given.", set()),
        ("Treatment with lenvatinib is planned.", set()),
        ("Leucovorin was given with fluorouracil.", {"fluorouracil"}),
    ],
)
def test_drugs_given(text: str, drugs: set[str]) -> None:
    assert several(text, "drugs") == drugs


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ("The tumour was completely removed.", "gross_total"),
        ("Gross total resection of the mass was performed.", "gross_total"),
        ("The tumour at T4 was resected en bloc.", "en_bloc"),
        ("Total en bloc spondylectomy of T7 was done.", "en_bloc"),
        ("Subtotal removal of the lesion was achieved.", "subtotal"),
        ("The tumour was removed entirely, apart from a thin rim at the root.", "subtotal"),
        ("Piecemeal removal was done; adhesion made complete removal of the tumour impossible.", "subtotal"),
        ("The tumour was excised and the margins were free.", "gross_total"),
        ("All visible tumour was removed.", "gross_total"),
        ("Debulking of the epidural tumour was done.", "subtotal"),
        ("Wide resection of the sarcoma was done.", None),
        ("Total laryngectomy was done.", None),
        ("Total abdominal hysterectomy was done.", None),
        ("Surgery confirmed a pathologic complete response.", None),
        ("Complete resection was planned.", None),
        ("A partial resection of the left lung was done.", None),
    ],
)
def test_extent_of_resection(text: str, extent: str | None) -> None:
    assert fields(text).get("resection_extent") == extent


def test_what_is_derived_names_its_rule() -> None:
    paper = Paper(
        id="invented",
        source="invented",
        text="A 50-year-old man had en bloc spondylectomy of T7 and then 30 Gy.",
    )
    (case,) = reading(paper).cases
    derived = {(c.field, c.value): c.derivation for c in case.claims if c.certainty == "derived"}
    assert "vertebra" in str(derived["procedures", "spinal_tumour_resection"])
    assert "Gy" in str(derived["treatments", "radiotherapy"])


def test_resection_of_primary_and_metastasis_is_both() -> None:
    text = "A metastasis at L2 was found. Complete removal of the tumour and its metastasis was performed."
    assert several(text, "procedures") == {"spinal_tumour_resection", "other_resection"}
