"""What the audit finds in the invented papers: the one contradiction that was put there, and nothing else."""

from __future__ import annotations

from pathlib import Path

from spondyl import examples
from spondyl.consult.auditing import Audited, audit_file, lines


def test_the_examples_hold_one_contradiction(tmp_path: Path) -> None:
    found = {}
    for path in examples.write(tmp_path):
        for done in audit_file(str(path)):
            assert isinstance(done, Audited)
            told = [(line["kind"], line["severity"], line["computed"]) for line in lines(done)]
            if told:
                found[path.name] = told
    assert found == {"melanoma-intramedullary.txt": [("age_conflict", "error", "ages 46 and 49")]}
