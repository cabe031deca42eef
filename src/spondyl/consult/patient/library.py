"""All published and registered cases in columns: 100,000 are searched in a blink, their words load when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spondyl.consult.evidence import concerns
from spondyl.consult.patient.columns import Bits, Builder, Codes, Numbers
from spondyl.consult.patient.origins import Memory, Origin, open_origins
from spondyl.present.cite import cites, reference, surname
from spondyl.present.consultation import Basis, Line
from spondyl.present.files import doi_url, pmid_url
from spondyl.read import Problem
from spondyl.record import Case, Paper, ReadError, Reading, Statement

__all__ = ["About", "Library", "paper_marks"]

NUMBERS = ("age_years", "follow_up_months", "recurrence_months")
CHOICES = (
    "sex", "diagnosis", "primary_site", "resection_extent", "margin", "status", "recurrence", "performance_status",
)  # fmt: skip
LISTS = (
    "levels", "regions", "compartment", "other_metastases", "presentation", "denied", "motor_grade", "bone_quality",
    "treatments", "procedures", "drugs", "complications", "ihc",
)  # fmt: skip
_OUTCOME = re.compile(r"surviv|mortality|death|dead|died|recurr|progression|local control|neurolog|ambula|improve",
                      re.IGNORECASE)  # fmt: skip
_ALWAYS = frozenset({"survival_rate", "hazard_ratio"})
_OFTEN = frozenset({"median", "mean", "quartiles", "range", "count"})
_NAMED = re.compile(r"([^\W\d_][\w'’ -]*?)(?: et al\b| and\b|,).*?\b((?:19|20)\d\d)")


@dataclass(frozen=True, slots=True)
class About:
    """A paper, or an import of a registry, without its text.

    Args:
        paper: What is known of it.
        cite: Author and year, told apart from the others of the library.
        origin: Where it comes from.
        at: Its number there.
        groups: Its groups: label and fields.
        said: Statements about groups that tell of outcomes: place, quantity, what it measures, the group.
    """

    paper: Paper
    cite: str
    origin: Origin
    at: int
    groups: tuple[tuple[str, Mapping[str, Any]], ...]
    said: tuple[tuple[int, str, str, str], ...]

    @property
    def reference(self) -> str:
        """The paper as it stands in a list of references."""
        return reference(self.paper)

    @property
    def url(self) -> str:
        """Its address in the world, or ""."""
        if self.paper.doi:
            return doi_url(self.paper.doi)
        return pmid_url(self.paper.pmid) if self.paper.pmid else ""


@dataclass(frozen=True)
class Library:
    """Cases in columns.

    Args:
        papers: The papers they come from.
        paper: (n,) the place of each case's paper.
        place: (n,) its place among the cases of the paper.
        number: (n,) its number within the paper.
        cited: (n,) whether it is told by another paper than its own.
        spinal: (n,) whether it has a lesion of the spine or a metastasis of bone.
        again: (n,) whether the same patient stands in the library under another case, which is used instead.
        entry: (n,) its number in its registry; 0 for a case of a paper.
        of_patient: (n,) the lowest number in the registry of the same patient; 0 for a case of a paper.
        labels: How its paper names it.
        columns: Field → its column.
        marks: What a paper is known by (id, bytes, DOI) → its place.
        repeated: Papers that came a second time and were left out.
        problems: What could not be read.

    Example:
        >>> from spondyl.record import Claim
        >>> words = Paper(id="p1", source="p1.txt", text="A 46-year-old woman.")
        >>> age = Claim(field="age_years", value=46, quotes=(words.quote(2, 13),))
        >>> library = Library.of([(words, Reading(cases=(Case(case=1, label="Case 1", claims=(age,)),)))])
        >>> len(library), library.columns["age_years"].low.tolist(), library.case(0).claims[0].quotes[0].text
        (1, [46.0], '46-year-old')
    """

    papers: tuple[About, ...]
    paper: NDArray[np.int32]
    place: NDArray[np.int32]
    number: NDArray[np.int32]
    cited: NDArray[np.bool_]
    spinal: NDArray[np.bool_]
    again: NDArray[np.bool_]
    entry: NDArray[np.int32]
    of_patient: NDArray[np.int32]
    labels: tuple[str, ...]
    columns: Mapping[str, Numbers | Codes | Bits]
    marks: Mapping[str, int]
    repeated: int = 0
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def load(
        cls, paths: Iterable[str | Path] | str | Path, jobs: int = 1, beside: str | Path | None = None
    ) -> Library:
        """The cases of evidence folders, files of JSON lines, registries and papers.

        Args:
            paths: Where they lie.
            jobs: How many processes read papers side by side.
            beside: The folder of the page that will link to the evidence; else links are from the working folder.

        Raises:
            ReadError: There is no such path, or a line of it is no paper with its cases.
            RegistryError: A registry cannot be opened.
        """
        given = [paths] if isinstance(paths, str | Path) else list(paths)
        origins, problems = open_origins(given, jobs, Path(beside) if beside is not None else None)
        return _Shelves(origins).library(tuple(problems))

    @classmethod
    def of(cls, pairs: Sequence[tuple[Paper, Reading]]) -> Library:
        """The cases of papers that were read already.

        Args:
            pairs: Papers with their readings.
        """
        return _Shelves([Memory("papers", pairs)]).library(())

    def basis(self) -> Iterator[Line]:
        """What the library was made of, and what of it could not be read."""
        cited, spinal = int(self.cited.sum()), int(self.spinal.sum())
        names = ", ".join(dict.fromkeys(a.origin.name for a in self.papers)) or "nothing"
        text = (
            f"Evidence: {len(self.papers)} papers with {len(self)} patients ({cited} of them told by another paper), "
            f"{spinal} with a lesion of spine or bone; {self.repeated} papers were given again."
        )
        value = {"papers": len(self.papers), "cases": len(self), "spinal": spinal, "repeated": self.repeated}
        yield Line(text, (Basis("computed", "counts of what was read", names),), key="evidence", value=value)
        for one in self.problems:
            basis = Basis("computed", one.mend, one.where)
            yield Line(f"Not read: {one.where}: {one.what}", (basis,), "warning")

    def about(self, row: int) -> About:
        """The paper of a case."""
        return self.papers[int(self.paper[row])]

    def case(self, row: int) -> Case:
        """A case with its words."""
        about = self.about(row)
        return about.origin.reading(about.at)[1].cases[int(self.place[row])]

    def statement(self, about: About, at: int) -> Statement:
        """A statement about a group, with its words."""
        return about.origin.reading(about.at)[1].statements[at]

    def name(self, row: int) -> str:
        """How a case is named: by its paper, and by the paper that tells of it where that is another."""
        about, label = self.about(row), self.labels[row]
        if self.cited[row]:
            return f"{label} (told in {about.cite})" if label else f"case {self.number[row]} of {about.cite}"
        return f"{about.cite}, {label}" if label else about.cite

    def key(self, row: int) -> tuple[str, int]:
        """What a case is known by: the id of its paper, and its number there."""
        return self.about(row).paper.id, int(self.number[row])


@dataclass
class _Shelves:
    """A library in the making."""

    origins: Sequence[Origin]
    known: dict[str, int] = field(default_factory=dict)
    repeated: int = 0

    def library(self, problems: tuple[Problem, ...]) -> Library:
        builder = Builder(NUMBERS, CHOICES, LISTS)
        papers: list[tuple[Paper, Origin, int, Any, Any]] = []
        rows: list[tuple[int, ...]] = []
        labels: list[str] = []
        for origin in self.origins:
            for at, line in origin.lines():
                paper = _paper(line["paper"], origin)
                if self._seen(paper, len(papers)):
                    continue
                try:
                    self._cases(line["cases"], (len(papers), paper.title), builder, rows, labels)
                    papers.append(
                        (paper, origin, at, _groups(line["cases"]), _said(line.get("statements", ())))
                    )
                except (LookupError, TypeError, AttributeError) as error:
                    raise ReadError(
                        f"the cases of {paper.id} are malformed ({type(error).__name__}: {error})", origin.name,
                        "extract the paper again",
                    ) from None  # fmt: skip
        named = cites([p for p, *_ in papers])
        abouts = tuple(About(p, c, *rest) for (p, *rest), c in zip(papers, named, strict=True))
        held = np.array(rows, np.int32).reshape(-1, 8).T
        columns = builder.done()
        again = held[5].astype(bool) | _told_again(abouts, held, labels, columns)
        return Library(
            abouts, held[0], held[1], held[2], held[3].astype(bool), held[4].astype(bool), again, held[6],
            held[7], tuple(labels), columns, self.known, self.repeated, problems,
        )  # fmt: skip

    def _seen(self, paper: Paper, place: int) -> bool:
        """Whether a paper came before, by its DOI, its bytes or its name."""
        marks = paper_marks(paper)
        if bool(paper.duplicate_of) or any(m in self.known for m in marks):
            self.repeated += 1
            return True
        self.known |= dict.fromkeys(marks, place)
        return False

    @staticmethod
    def _cases(
        cases: Sequence[Mapping[str, Any]], whose: tuple[int, str | None], builder: Builder, rows: list[Any],
        labels: list[str],
    ) -> None:  # fmt: skip
        paper, title = whose
        for place, case in enumerate(cases):
            fields, kind, label = case["fields"], case["kind"], str(case["label"])
            if kind != "group":
                cited = kind == "cited" or bool(case.get("reported_by"))
                spinal = concerns(fields, kind, label, title)
                kept = (bool(case.get("again")), case.get("entry", 0), case.get("of", 0))
                rows.append((paper, place, int(case["case"]), cited, spinal, *kept))
                labels.append(label)
                builder.add(fields)


def paper_marks(paper: Paper) -> list[str]:
    """What a paper is known by: its name, its bytes, its DOI.

    Example:
        >>> paper_marks(Paper(id="a", source="a.txt", text="", doi="10.1000/A"))
        ['id:a', 'doi:10.1000/a']
    """
    marks = [f"id:{paper.id}"]
    marks += [f"sha256:{paper.sha256}"] if paper.sha256 else []
    return marks + ([f"doi:{paper.doi.casefold()}"] if paper.doi else [])


def _paper(data: Mapping[str, Any], origin: Origin) -> Paper:
    """What is known of a paper; made without checking, many thousand times."""
    try:
        year = data.get("year")
        return Paper.model_construct(
            id=str(data["id"]), source=str(data.get("source") or data["id"]), text="", title=data.get("title"),
            authors=tuple(data.get("authors") or ()), year=int(year) if year is not None else None,
            journal=data.get("journal"), doi=data.get("doi"), pmid=data.get("pmid"),
            sha256=data.get("sha256") or "", duplicate_of=data.get("duplicate_of"),
        )  # fmt: skip
    except (LookupError, TypeError, ValueError) as error:
        raise ReadError(
            f"a paper is malformed ({type(error).__name__}: {error})", origin.name, "extract it again"
        ) from None


def _groups(cases: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return tuple((str(c["label"]), c["fields"]) for c in cases if c["kind"] == "group")


def _said(statements: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, str, str, str], ...]:
    return tuple(
        (place, str(s["quantity"]), str(s["of"]), str(s["group"]))
        for place, s in enumerate(statements)
        if s["quantity"] in _ALWAYS or (s["quantity"] in _OFTEN and _OUTCOME.search(str(s["of"])))
    )


def _told_again(papers: Sequence[About], held: NDArray[np.int32], labels: Sequence[str],
                columns: Mapping[str, Any]) -> NDArray[np.bool_]:  # fmt: skip
    """Cited cases whose own paper is in the library, or that an earlier paper cites with the same age and levels."""
    own: dict[tuple[str, str], int] = {}
    for row in np.flatnonzero(held[3] == 0):
        paper = papers[held[0, row]].paper
        if paper.authors and paper.year and surname(paper.authors[0]).strip():
            own.setdefault(
                (surname(paper.authors[0]).split()[-1].casefold(), str(paper.year)), int(held[0, row])
            )
    out = np.zeros(len(labels), bool)
    told: dict[tuple[Any, ...], int] = {}
    for row in np.flatnonzero(held[3]):
        named = _NAMED.match(labels[row])
        if not named:
            continue
        study, mine = (named[1].split()[-1].casefold(), named[2]), int(held[0, row])
        age, levels = columns["age_years"].low[row], columns["levels"].bits[row].tobytes()
        same = (*study, age, levels)
        known = not np.isnan(age) and any(levels)
        out[row] = own.get(study, mine) != mine or (known and told.setdefault(same, mine) != mine)
    return out
