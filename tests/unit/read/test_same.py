"""The same paper given twice. All texts are invented."""

from __future__ import annotations

import random

from spondyl import read
from spondyl.record import Paper

PHRASES = (
    "magnetic resonance imaging showed a lesion", "the patient was operated on", "histology confirmed a metastasis",
    "radiotherapy was given afterwards", "there was no recurrence at follow-up", "the pain went away within a week",
)  # fmt: skip


def story(seed: int, words: int) -> str:
    chance = random.Random(seed)
    out: list[str] = []
    while len(out) < words:
        out += chance.choice(PHRASES).split() if chance.random() < 0.25 else [f"w{chance.randrange(4000)}"]
    return " ".join(out)


def paper(text: str, name: str, **more: str) -> Paper:
    return read.text(text, name).model_copy(update=more)


def test_same_words_with_little_changes() -> None:
    seen = read.Duplicates()
    text = story(1, 1500)
    first = paper(text, "a.txt")
    assert seen.seen(first) is None
    assert seen.seen(paper(text.replace("week", "WEEK", 3) + "\n\nDownloaded in June.", "b.txt")) == first.id
    assert seen.seen(paper(text[: len(text) // 2], "c.txt")) is None


def test_short_texts_that_share_phrases_are_different() -> None:
    seen = read.Duplicates()
    assert [seen.seen(paper(story(n, 75), f"{n}.txt")) for n in range(300)] == [None] * 300
    assert seen.seen(paper(story(17, 75), "again.txt")) is not None


def test_names_count_before_words() -> None:
    seen = read.Duplicates()
    first = paper(story(1, 50), "a.txt", doi="10.5555/INV.1", pmid="99000001")
    assert seen.seen(first) is None
    assert seen.seen(paper(story(2, 50), "b.txt", doi="10.5555/inv.1")) == first.id
    assert seen.seen(paper(story(3, 50), "c.txt", pmid="99000001")) == first.id
    assert seen.seen(paper(story(4, 50), "d.txt", doi="10.5555/inv.2")) is None


def test_tiny_texts() -> None:
    seen = read.Duplicates()
    assert [seen.seen(paper(t, "a.txt")) for t in ("A man of 61.", "A man of 62.", "")] == [None, None, None]
    assert seen.seen(paper("A  man of\n61.", "b.txt")) is not None


def test_a_fingerprint_stands_for_its_paper() -> None:
    first, again = paper(story(1, 60), "a.txt", doi="10.5555/inv.9"), paper(story(1, 60) + " End.", "b.txt")
    seen = read.Duplicates()
    assert seen.seen(read.fingerprint(first)) is None
    assert seen.seen(again) == first.id
    assert seen.seen(read.fingerprint(paper(story(2, 60), "c.txt", doi="10.5555/INV.9"))) == first.id
