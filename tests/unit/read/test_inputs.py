# ruff: noqa: E501
"""Files, directories, bad input and batches."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from spondyl import read
from spondyl.read import Problem
from spondyl.record import Paper, ReadError
from unit.read.press import pdf

CASE = "A 61-year-old man had a painful lesion of T5. He was operated on and is well.\n"


def failure(path: Path) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read.paper(path)
    assert caught.value.where == str(path)
    assert caught.value.mend
    return caught.value


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "no words"),
        ("zip.txt", b"PK\x03\x04\x14\x00" + b"x" * 50, "zip archive"),
        ("pdf.txt", b"%PDF-1.4\n%....", "a PDF"),
        ("binary.txt", bytes(range(256)) * 9, "binary"),
        ("noise.txt", bytes(range(128, 256)) * 9, "neither text"),
        ("empty.pdf", b"", "empty"),
        ("words.pdf", b"just words", "does not begin as a PDF"),
        ("cut.pdf", b"%PDF-1.4\n1 0 obj\n<< >>", "broken off"),
        ("hollow.pdf", b"%PDF-1.4\n%%EOF", "damaged"),
        ("cut.xml", b"<article><front>", "malformed or broken off"),
        ("other.xml", b"<recipe><egg/></recipe>", "<recipe>"),
        ("void.html", b"<html><script>1</script></html>", "no words"),
        ("deep.html", b"<html>" + b"<div>" * 3000 + b"x", "too deep"),
        (
            "deep.xml",
            b"<article><body>" + b"<sec>" * 3000 + b"x" + b"</sec>" * 3000 + b"</body></article>",
            "too deep",
        ),
        ("mark.txt", b"\xff\xfea\x00\x00\xd8b\x00", "UTF-16"),
    ],
)
def test_bad_input_says_what_and_how_to_mend(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert said in failure(path).what


def test_pictures_and_locks_have_their_own_words(tmp_path: Path) -> None:
    (tmp_path / "picture.pdf").write_bytes(pdf([[]]))
    (tmp_path / "locked.pdf").write_bytes(pdf([[(50, 700, 10, CASE)]], encrypt=True))
    assert "only pictures" in failure(tmp_path / "picture.pdf").what
    assert "encrypted" in failure(tmp_path / "locked.pdf").what


def test_cut_pdf_is_refused(tmp_path: Path) -> None:
    whole = pdf([[(50, 700, 10, CASE)]])
    (tmp_path / "cut.pdf").write_bytes(whole[: len(whole) // 2])
    assert "broken off" in failure(tmp_path / "cut.pdf").what


def test_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2 * read.LIMIT)
    tracemalloc.start()
    assert "200 MB" in failure(path).what
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    path.write_text(
        f'<!DOCTYPE article [<!ENTITY a0 "ha">{levels}]><article><body><p>&a11;</p></body></article>'
    )
    assert "entities" in failure(path).what
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    path.write_text(
        f'<!DOCTYPE article [<!ENTITY x SYSTEM "{secret}">]><article><body><p>&x;</p></body></article>'
    )
    assert "entities" in failure(path).what


def test_missing_file_and_directory(tmp_path: Path) -> None:
    assert "no such file" in failure(tmp_path / "absent.txt").what
    assert "directory" in failure(tmp_path).what


def test_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no regular file" in failure(tmp_path / "pipe.txt").what
    assert read.find(tmp_path).problems[0].what == "this is no regular file"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        "Müller had a lesion – no, two.\n".replace("–", "-" if encoding == "latin-1" else "–").encode(
            encoding
        )
    )
    text = read.paper(path).text
    assert text.removeprefix("\ufeff").startswith("Müller had a lesion")
    assert text.startswith("\ufeff") == (encoding in ("utf-8-sig", "utf-16", "utf-32"))


def test_unknown_suffix_is_read_by_its_bytes(tmp_path: Path) -> None:
    for name, data in (
        ("a.dat", CASE.encode()), ("b.bin", pdf([[(50, 700, 10, CASE)]])), ("c", b"<html><p>" + CASE.encode() + b"</p></html>"),
        ("d.jats", b"<?xml version='1.0'?><article><body><p>" + CASE.encode() + b"</p></body></article>"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(data)
        assert "61-year-old" in read.paper(tmp_path / name).text
    assert [read.paper(tmp_path / n).format for n in ("a.dat", "b.bin", "c", "d.jats")] == [
        "text",
        "pdf",
        "html",
        "jats",
    ]


def test_id_and_source(tmp_path: Path) -> None:
    path = tmp_path / "Case Report (Été).txt"
    path.write_text(CASE)
    paper = read.paper(str(path))
    assert paper.source == str(path)
    assert paper.id == f"case-report-t-{paper.sha256[:8]}"
    assert paper == read.paper(path)


def tree(top: Path) -> None:
    (top / "b" / "c").mkdir(parents=True)
    for name in ("b/2.txt", "a.md", "b/c/1.TXT", "b/x.docx", "b/c/y.docx", "noted", ".hidden.txt"):
        (top / name).write_text(CASE)
    (top / "b" / "loop").symlink_to(top)
    (top / "b" / "nowhere.txt").symlink_to(top / "gone")


def test_find_is_sorted_and_follows_no_loop(tmp_path: Path) -> None:
    tree(tmp_path)
    found = read.find([tmp_path])
    assert [os.path.relpath(f, tmp_path) for f in found.files] == ["a.md", "b/2.txt", "b/c/1.TXT"]
    assert found.skipped == {"": 1, ".docx": 2}
    assert [(p.what, os.path.basename(p.where)) for p in found.problems] == [
        ("the link leads nowhere", "nowhere.txt")
    ]
    assert read.find([tmp_path]) == found


def test_a_link_to_itself_is_said_without_the_machines_words(tmp_path: Path) -> None:
    (tmp_path / "me.txt").symlink_to("me.txt")
    (problem,) = read.find(tmp_path).problems
    assert problem.where.endswith("me.txt")
    assert "Errno" not in str(problem)
    assert str(problem).count("me.txt") == 1


def test_find_takes_named_files_whatever_their_suffix(tmp_path: Path) -> None:
    tree(tmp_path)
    named = str(tmp_path / "b" / "x.docx")
    assert read.find([named, "absent.txt"]).files == (named,)
    assert read.find([named, "absent.txt"]).problems[0].where == "absent.txt"


def test_file_without_permission_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(CASE)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "permission" in read.find(tmp_path).problems[0].what

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert "permission" in failure(tmp_path / "a.txt").what


@pytest.mark.parametrize("jobs", [1, 2])
def test_papers_keep_the_order_and_go_on_after_a_problem(tmp_path: Path, jobs: int) -> None:
    files = []
    for number in range(5):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(b"" if number == 2 else f"Patient {number}. {CASE}".encode())
        files.append(str(path))
    got = list(read.papers(files, jobs))
    assert [x.source if isinstance(x, Paper) else x.where for x in got] == files
    assert isinstance(got[2], Problem)
    assert str(got[2]) == f"{files[2]}: the file is empty; download or export it again"


def test_papers_stream(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CASE)
    endless = (str(tmp_path / "a.txt") for _ in iter(int, 1))
    assert isinstance(next(read.papers(endless)), Paper)
