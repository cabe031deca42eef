"""JSON of strangers: bombs are refused quickly, and every value has its place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from spondyl.record import ReadError
from spondyl.registry.exchange.formats import load
from spondyl.registry.exchange.jsontext import load as texts
from spondyl.registry.exchange.jsontext import locate

DEEP = (
    '{"resourceType": "Patient", "extension": ' + '[{"url": "a", "extension": ' * 40 + "[]" + "}]" * 40 + "}"
)


@pytest.mark.parametrize(
    ("bomb", "why"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 500 + "1" + "}" * 500, "nested deeper than 60 levels"),
        (DEEP, "nested deeper than 60 levels"),
        ('{"a": ' + "9" * 1_000_000 + "}", "a number too long"),
        ('{"a": 1e999999}', "a number without bounds"),
        ('{"a": NaN}', "NaN is no number of JSON"),
        ("[" + "[]," * 4_100_000 + "[]]", "more than 4,000,000 values"),
        ('{"a": "' + "x" * (65 * 2**20) + '"}', "larger than 64 MB"),
        ("", "no JSON"),
        ('{"a": 1} x', "more after the end"),
        ("[1, 2]", "neither a FHIR bundle"),
        ('"x"', "neither a FHIR bundle"),
    ],
)
def test_a_bomb_is_refused_quickly(bomb: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "bomb.json").write_text(bomb)
    before = time.process_time()
    with pytest.raises(ReadError) as refused:
        load(tmp_path / "bomb.json")
    assert time.process_time() - before < 5
    assert why in str(refused.value)
    assert len(str(refused.value)) < len(str(tmp_path)) + 250


def test_a_file_of_200_megabytes_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "large.json").open("wb") as out:
        out.seek(200 * 2**20)
        out.write(b"}")
    before = time.process_time()
    with pytest.raises(ReadError, match="larger than 64 MB"):
        load(tmp_path / "large.json")
    assert time.process_time() - before < 1


@pytest.mark.parametrize("raw", [b"\xff\xfe{}", b"{\x80}"])
def test_what_is_no_utf_8_is_refused(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(raw)
    with pytest.raises(ReadError, match="UTF-8"):
        load(tmp_path / "a.json")


def test_the_offsets_are_those_of_the_file(tmp_path: Path) -> None:
    text = (
        '\ufeff {"a" : [ {"b": "x\\"y"}, -1.5e3 ], "a": [{"medical_name": "é"}, ""]}\n{"c": [[1], [2, 33]]}\n'
    )
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    first, second = texts(tmp_path / "a.json")
    assert first.text == text
    at = locate(text, ("a", 0, "medicalName"), first.start)
    assert text[slice(*at)] == "é"
    assert text[slice(*locate(text, ("a", 1), first.start))] == '""'
    assert text[slice(*locate(text, ("c", 1, 1), second.start))] == "33"
    with pytest.raises(KeyError):
        locate(text, ("a", 2), first.start)


def test_xml_is_refused_unread(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><Bundle>&c;</Bundle>'
    (tmp_path / "a.xml").write_text(bomb)
    with pytest.raises(ReadError, match="XML, which is not read"):
        load(tmp_path / "a.xml")
