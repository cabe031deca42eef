"""Files that somebody damaged: taken over and sound, or refused in one line; never anything else."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchanged import back, entry, patient, written
from spondyl.record import SpondylError
from spondyl.registry import Registry

ODD = (
    None, True, False, 0, -1, 2**70, 1.5, 1e300, "", " ", "x", "12", "NaN", "Infinity", "\x00", "\u2028", "[", [], {},
    [None], [[]], [{}], {"x": None}, ["a", 1], {"reference": "Patient/y"}, "Patient/", "9" * 400, "T99", "C5",
)  # fmt: skip


def nodes(data: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value: its container and its key."""
    out: list[tuple[Any, Any]] = []
    rest = [data]
    while rest:
        one = rest.pop()
        inner = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for key, value in inner:
            out.append((one, key))
            rest.append(value)
    return out


def damaged(data: Any, dice: random.Random) -> Any:
    for _ in range(dice.randint(1, 3)):
        places = nodes(data)
        if not places:
            break
        holder, key = dice.choice(places)
        if dice.random() < 0.2 and isinstance(holder, dict):
            del holder[key]
        elif dice.random() < 0.3 and isinstance(holder[key], str) and holder[key].startswith("{"):
            inner = json.loads(holder[key])
            holder[key] = json.dumps(damaged(inner, dice))
        else:
            holder[key] = dice.choice(ODD)
    return data


def sound(form: str, file: Path) -> None:
    """What can be read can be kept, and the registry holds together."""
    said = ""
    try:
        bundle = back(form, file)
        with Registry(file.parent / "r.db", by="A. Keeper") as registry:
            registry.take(bundle, skip_refused=True)
            assert registry.check().faults == ()
            json.dumps(list(registry.lines()), ensure_ascii=False, allow_nan=False).encode("utf-8")
    except SpondylError as error:
        said = str(error)
    assert len(said.splitlines()) <= 1


@pytest.mark.parametrize("form", ["mcode", "phenopackets"])
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_json(form: str, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = written(form, Path(folder), [entry(patient())])
        data = damaged(json.loads(file.read_text("utf-8")), random.Random(seed))
        file.write_text(json.dumps(data, ensure_ascii=False, allow_nan=False), "utf-8")
        sound(form, file)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_cells(seed: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        file = written("redcap", Path(folder), [entry(patient())])
        for path in (file, file.with_suffix(".dictionary.csv")):
            raw = path.read_bytes()
            at = dice.randrange(len(raw))
            path.write_bytes(
                raw[:at]
                + dice.choice([b"", b'"', b",", b"\r\n", b"\x00", b"7", b"\xff", b"=x"])
                + raw[at + dice.randint(0, 3) :]
            )
        sound("redcap", file)
