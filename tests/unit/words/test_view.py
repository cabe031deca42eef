"""Reading copies: what is evened out, and the way back."""

from __future__ import annotations

import re

import pytest

from spondyl.words.alternatives import one_of
from spondyl.words.view import reading_copy


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("a verte-\nbral lesion", "a vertebral lesion"),
        ("a verte-\r\n  bral lesion", "a vertebral lesion"),
        ("pain \u2014\nat night", "pain - at night"),
        ("pain\u2014\nat night", "pain- at night"),
        ("C5-\nC6", "C5- C6"),
        ("one\nline", "one line"),
        ("one\n \nparagraph", "one\nparagraph"),
        ("one \t blank", "one blank"),
        ("as told [3, 4\u20136].", "as told ."),
        ("\ufb01xation of 5\u00a0mm", "fixation of 5 mm"),
        ("meta\u00adstasis", "metastasis"),
        ("a\u00b7b \u2264 \u201cc\u201d `d\u2019", "a.b < \"c\" 'd'"),
    ],
)
def test_uneven_spots(text: str, copy: str) -> None:
    assert reading_copy(text, [(0, len(text))]).plain == copy


def test_every_word_keeps_its_place() -> None:
    text = "Intro. The \ufb01rst verte-\nbra [12]  was\n\n stable; the se\u00adcond\r\nwas\u00a0not."
    view = reading_copy(text, [(7, len(text))])
    for m in re.finditer(r"\w+", view.plain):
        a, b = view.origin(*m.span())
        seen = re.sub(r"-\n|\u00ad", "", text[a:b]).replace("\ufb01", "fi")
        assert seen.startswith(m.group()[:-1]), m.group()


def test_one_of_is_any_of_them() -> None:
    words = ["four", "fourteen", "six", "sixty", "a.b"]
    pattern = re.compile(rf"(?:{one_of(words)})")
    assert all(pattern.fullmatch(w) for w in words)
    assert pattern.match("fourteenth").group() == "fourteen"  # type: ignore[union-attr]
    assert pattern.match("axb") is None
