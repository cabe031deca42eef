"""The evidence report: papers in, a folder of page, tables, records and references out."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spondyl import __version__, read
from spondyl.audit import audit
from spondyl.consult.accuracy import accuracy
from spondyl.consult.decisions import Applied, Loose, apply, load
from spondyl.consult.evidence import Read, rows, sources
from spondyl.consult.gathering import Gathered, Progress, gather
from spondyl.consult.lines import dumps, line
from spondyl.consult.novelty import marker, new_papers, previous
from spondyl.present import delimited, excel, markdown, page, ris, word
from spondyl.present.files import file_name
from spondyl.present.model import Evidence, Source, Tally
from spondyl.record import Decision, Finding, Paper, UsageError

__all__ = ["Report", "compose", "report"]


@dataclass(frozen=True)
class Report:
    """What a report was made of, and where it lies.

    Args:
        out: The folder.
        files: What was written, the page first.
        papers: Papers read, each once.
        duplicates: Papers given again.
        skipped: Suffix → files passed over.
        problems: Inputs that could not be read, and why.
        cases: Kind ("patient", "cited", "group") → rows in the table.
        left_out: Cases without a lesion of spine or bone.
        decided: Decisions that were applied.
        unmatched: Decisions that belong to nothing that was read.
        new: Papers that are new since the last run into this folder.
    """

    out: Path
    files: tuple[Path, ...]
    papers: int
    duplicates: int
    skipped: dict[str, int]
    problems: tuple[read.Problem, ...]
    cases: dict[str, int]
    left_out: int
    decided: int
    unmatched: int
    new: int


def report(
    paths: Sequence[str | Path] | str | Path,
    out: str | Path,
    decisions: str | Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
    all_patients: bool = False,
) -> Report:
    """Write the evidence report of papers into a folder.

    Args:
        paths: Files and folders of papers.
        out: The folder; made if absent. A folder of another kind is not written into.
        decisions: The file of decisions the page saved, to be applied.
        jobs: How many processes read side by side.
        progress: Called with the number of files done and the number of all.
        all_patients: Keep patients without a lesion of spine or bone.

    Returns:
        What was read, decided, left out and written.

    Raises:
        DecisionError: The file of decisions is malformed; nothing was written.
        UsageError: `out` cannot be written into; nothing was written.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "a.txt").write_text("A 61-year-old man had a metastasis of T5.")
        >>> done = report(folder / "a.txt", folder / "evidence")
        >>> done.papers, done.files[0].name
        (1, 'index.html')
    """
    given = [Path(p) for p in ([paths] if isinstance(paths, (str, Path)) else paths)]
    folder = _folder(Path(out))
    decided = load(Path(decisions)) if decisions is not None else ()
    _open_to_us(folder)
    gathered = gather(given, folder, jobs, progress)
    return compose(gathered, folder, decided, all_patients)


def compose(
    gathered: Gathered, out: Path, decided: Sequence[Decision] = (), all_patients: bool = False
) -> Report:
    """Write the report of papers that were read already.

    Args:
        gathered: Papers with their readings, and what could not be read.
        out: The folder.
        decided: A reviewer's decisions.
        all_patients: Keep patients without a lesion of spine or bone.

    Returns:
        What was read, decided, left out and written.
    """
    return _Made(gathered, decided, out, all_patients).write()


def _folder(out: Path) -> Path:
    """The folder to write into, if that does no harm."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; name a folder for the report")
    index = out / "index.html"
    if index.is_file() and b'content="spondyl' not in index.read_bytes()[:4096]:
        raise UsageError(f"{out} holds an index.html that is no report of Spondyl; name another folder")
    return out


def _open_to_us(folder: Path) -> None:
    """Make the folder; better told before hours of reading than after."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"{folder} cannot be written into; allow it (chmod u+rwx) or name another folder")


class _Made:
    """A report in the making."""

    def __init__(
        self, gathered: Gathered, decided: Sequence[Decision], out: Path, all_patients: bool
    ) -> None:
        self.gathered, self.decided, self.out = gathered, decided, out
        papers = [p for p, _ in gathered.papers]
        self.reads = [Read(p, apply(p, r, self._on(p))) for p, r in gathered.papers]
        self.new = new_papers(out, papers)
        self.known = sources(papers, self.new)
        self.evidence = self._evidence(all_patients)

    def _on(self, paper: Paper) -> list[Decision]:
        return [d for d in self.decided if d.paper == paper.id]

    def _evidence(self, all_patients: bool) -> Evidence:
        table, left_out = rows(self.reads, self.known, all_patients)
        shown = {r.source.paper.id for r in table}
        measured = accuracy()
        said = [
            (self.known[one.paper.id], s)
            for one in sorted(self.reads, key=lambda r: self.known[r.paper.id].number)
            if one.paper.id in shown or all_patients
            for s in one.applied.reading.statements
        ]
        made = Evidence(
            rows=tuple(table),
            sources=tuple(self.known.values()),
            statements=tuple(said),
            tally=self._tally(left_out, all_patients),
            accuracy=measured.fields,
            measured_on=measured.on,
            decided={s: d for one in self.reads for s, d in one.applied.said.items()},
            version=__version__,
            findings=tuple(self._findings(shown if not all_patients else set(self.known))),
        )
        return replace(made, kept=self._kept(made))

    def _findings(self, papers: Collection[str]) -> Iterator[tuple[Source, Finding]]:
        """What does not add up in the papers shown."""
        for paper, reading in self.gathered.papers:
            if paper.id in papers:
                for finding in audit(paper, reading.cases, reading.statements):
                    yield self.known[paper.id], finding

    def _tally(self, left_out: int, all_patients: bool) -> Tally:
        return Tally(
            papers=len(self.gathered.papers),
            duplicates=len(self.gathered.duplicates),
            skipped=sum(self.gathered.skipped.values()),
            failed=len(self.gathered.problems),
            left_out=left_out,
            all_patients=all_patients,
        )

    def _kept(self, made: Evidence) -> tuple[Decision, ...]:
        """The decisions that no value, empty cell or statement on the page carries."""
        carried = {id(i.decision) for r in made.rows for i in (*r.items(), *r.others) if i.decision}
        carried |= {id(d) for r in made.rows for notes in r.notes.values() for d in notes}
        carried |= {id(made.decided[s]) for _, s in made.statements if s in made.decided}
        return tuple(d for d in self.decided if id(d) not in carried)

    def loose(self) -> tuple[list[Loose], list[Loose]]:
        """Decisions that match nothing any more, and those the reading now disagrees with."""
        ids = {one.paper.id for one in self.reads}
        gone = [Loose(d, "its paper is not among the inputs") for d in self.decided if d.paper not in ids]
        unmatched = [x for one in self.reads for x in one.applied.unmatched]
        return unmatched + gone, [x for one in self.reads for x in one.applied.disputed]

    def write(self) -> Report:
        """Write everything; nothing of another run stays behind."""
        unmatched, disputed = self.loose()
        stale = {file_name(str(p.get("id"))) for p in previous(self.out) or []}
        marks = marker([one.paper for one in self.reads if one.paper.id in self.new])
        files: dict[str, str | bytes] = {
            "index.html": page.render(self.evidence),
            "cases.jsonl": "".join(dumps(_line(one)) + "\n" for one in self.reads),
            "cases.csv": delimited.render(self.evidence),
            "table.docx": word.render(self.evidence),
            "table.xlsx": excel.render(self.evidence),
            "references.ris": ris.render(self.evidence.sources),
            "page.md": markdown.render(self.evidence, marks),
            "problems.json": _problems(self.gathered, unmatched, disputed),
        }
        files |= {f"papers/{file_name(one.paper.id)}": one.paper.text for one in self.reads}
        for name in stale - {file_name(one.paper.id) for one in self.reads}:
            (self.out / "papers" / name).unlink(missing_ok=True)
        for name, content in files.items():
            _write(self.out / name, content)
        kinds = Counter(r.kind for r in self.evidence.rows)
        return Report(
            out=self.out,
            files=tuple(self.out / name for name in files),
            papers=len(self.reads),
            duplicates=len(self.gathered.duplicates),
            skipped=self.gathered.skipped,
            problems=tuple(self.gathered.problems),
            cases=dict(kinds),
            left_out=self.evidence.tally.left_out,
            decided=len(self.decided) - len(unmatched),
            unmatched=len(unmatched),
            new=len(self.new),
        )


def _write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, its line ends as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(data)
    beside.replace(path)


def _line(one: Read) -> dict[str, Any]:
    """The line of a paper, with the decisions that hold for it where there are any."""
    data = line(one.paper, one.applied.reading)
    held = _held(one.applied)
    if held:
        data["decisions"] = [d.model_dump() for d in held]
    if one.applied.rejected:
        data["rejected_statements"] = [s.as_dict() for s in one.applied.rejected]
    return data


def _held(applied: Applied) -> list[Decision]:
    both = [*applied.marks.values(), *applied.aside.values(), *applied.said.values(), *applied.gone]
    return list({id(d): d for d in both}.values())


def _problems(gathered: Gathered, unmatched: Sequence[Loose], disputed: Sequence[Loose]) -> str:
    data = {
        "read": len(gathered.papers),
        "duplicates": [
            {"paper": p.id, "source": p.source, "duplicate_of": p.duplicate_of} for p in gathered.duplicates
        ],
        "skipped": gathered.skipped,
        "problems": [p._asdict() for p in gathered.problems],
        "unmatched_decisions": [x.as_dict() for x in unmatched],
        "disputed_decisions": [x.as_dict() for x in disputed],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
