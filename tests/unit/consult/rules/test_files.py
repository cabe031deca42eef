"""Files of candidates, statements, disciplines and plain words: what is refused, with what words."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from spondyl.consult.rules.differential import parse_differential
from spondyl.consult.rules.literature import Source, sources
from spondyl.consult.rules.management import parse_management, periods
from spondyl.consult.rules.plain_words import parse_plain
from spondyl.consult.rules.team import parse_team
from spondyl.record import SheetError

FOLDER = files("spondyl.consult.rules")
PARSERS: dict[str, Callable[[str, str], Any]] = {
    "differential": parse_differential, "management": parse_management, "team": parse_team, "plain": parse_plain,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("differential", 'id = "leiomyoma"', 'id = "leiomyosarcoma"', "stands twice"),
        ("differential", 'between = ["leiomyosarcoma", "leiomyoma"]', 'between = ["leiomyosarcoma", "mioma"]',
         "there is no candidate mioma"),
        ("differential", "side = ", "sidee = ", "did you mean side?"),
        ("management", 'topic = "cord"', 'topic = "chord"', "one of adjuvant"),
        ("management", 'disagrees = ["surgery_no_difference"]', 'disagrees = ["timing_48"]', "does not name"),
        ("management", 'source = ["patchell2005"]', 'source = ["patchel2005"]', "did you mean patchell2005?"),
        ("team", '"surgery_and_radiotherapy"', '"surgery_and_radiotherpy"',
         "did you mean surgery_and_radiotherapy?"),
        ("team", '"fracture"', '"fractur"', "did you mean fracture?"),
        ("plain", 'signs = ["progressing_deficit"', 'signs = ["progressing_deficits"',
         "did you mean progressing_deficit?"),
        ("plain", "sphincter_dysfunction =", "sphincter_disfunction =", "did you mean sphincter_dysfunction?"),
        ("plain", 'field = "age_years"', 'field = "age_year"', "did you mean age_years?"),
    ],
)  # fmt: skip
def test_a_wrong_file_says_what_and_how_to_mend_it(name: str, old: str, new: str, said: str) -> None:
    text = FOLDER.joinpath(f"{name}.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(SheetError) as raised:
        PARSERS[name](text.replace(old, new, 1), f"{name}.toml")
    assert said in str(raised.value)
    assert f"{name}.toml" in str(raised.value)


def test_a_source_has_to_be_found_again() -> None:
    known = sources()["patchell2005"].model_dump()
    with pytest.raises(ValueError, match="cannot be found again"):
        Source.model_validate({**known, "doi": "", "pmid": "", "url": ""})


@pytest.mark.parametrize(
    ("name", "said"),
    [("patchell2005", "Patchell et al. 2005"), ("zafar2023", "Zafar 2023"), ("nice2023", "NICE 2023"),
     ("rutkowski2014", "Rutkowski and Lugowska 2014"), ("radiobite", "radiobite (undated)"),
     ("rykken2013", "Rykken et al. 2013")],
)  # fmt: skip
def test_sources_are_named_as_in_a_sentence(name: str, said: str) -> None:
    assert sources()[name].name == said


def test_a_source_that_was_not_read_itself_says_so() -> None:
    assert "(quoted in Zafar 2023)" in sources()["novak2017"].basis.text
    assert "quoted" not in sources()["librizzi2022"].basis.text


def test_intervals_come_from_the_sheet() -> None:
    assert [(p.from_y, p.to_y, p.shortest) for p in periods("esmo_high")] == [
        (0, 3, 3),
        (3, 5, 6),
        (5, 99, 12),
    ]
