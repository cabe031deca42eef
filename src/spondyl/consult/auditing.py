"""Papers read, extracted and audited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from spondyl import extract, read
from spondyl.audit import audit
from spondyl.consult.pool import in_order
from spondyl.record import Finding, Paper, Reading

__all__ = ["Audited", "audit_file", "audited", "audits", "lines"]


class Audited(NamedTuple):
    """A paper with what was read from it and what does not add up in it."""

    paper: Paper
    reading: Reading
    findings: tuple[Finding, ...]


def audited(paper: Paper) -> Audited:
    """A paper with its reading and the findings of all checks.

    Example:
        >>> text = "We treated 45 patients with spinal metastases. Pain was present in 20 of the 45 patients (54%)."
        >>> [f.kind for f in audited(Paper(id="p", source="p.txt", text=text)).findings]
        ['pct']
    """
    reading = extract.reading(paper)
    return Audited(paper, reading, audit(paper, reading.cases, reading.statements))


def lines(done: Audited) -> list[dict[str, Any]]:
    """The findings of a paper as they stand in lines of JSON, one a finding."""
    p = done.paper
    about = {"id": p.id, "source": p.source, "title": p.title, "doi": p.doi}
    return [{"paper": about, **f.as_dict()} for f in done.findings]


def audit_file(path: str) -> list[Audited | read.Problem]:
    """The papers of one file, audited; runs in any process.

    A fault of ours costs no other file and is reported as what it is.

    Example:
        >>> [str(problem) for problem in audit_file("no-such-file.txt")]
        ['no-such-file.txt: there is no such file; check the path']
    """
    done: list[Audited | read.Problem] = []
    try:
        for one in read.papers([path]):
            done.append(one if isinstance(one, read.Problem) else audited(one))
    except Exception as error:
        what = f"the audit failed ({type(error).__name__}: {error})"
        done.append(read.Problem(what, path, "this is a fault of Spondyl; please report it"))
    return done


def audits(files: Iterable[str], jobs: int = 1) -> Iterator[list[Audited | read.Problem]]:
    """What every file gives, in the order of the files.

    Args:
        files: Paths, as `spondyl.read.find` gives them.
        jobs: How many processes work side by side.

    Yields:
        For each file its papers audited, or the problem it has.
    """
    return map(audit_file, files) if jobs == 1 else in_order(audit_file, files, jobs, crashed=_crashed)


def _crashed(path: str) -> list[Audited | read.Problem]:
    what = "reading it ended the process, for want of memory or by a fault of a library"
    return [read.Problem(what, path, "open it and export it again, or give it as plain text")]
