"""The registry: opened, asked, added to, decided on."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from spondyl import __version__
from spondyl.record import Decision, Paper, Reading, RegistryError
from spondyl.registry import (
    adding,
    asking,
    checking,
    deciding,
    duplicates,
    links,
    reviewing,
    scores,
    snapshot,
)
from spondyl.registry.adding import Added, Import
from spondyl.registry.asking import Entry, Event, Wanted
from spondyl.registry.cells import Column
from spondyl.registry.checking import Checked
from spondyl.registry.database import Database, now
from spondyl.registry.duplicates import Proposals
from spondyl.registry.importing import Table
from spondyl.registry.reviewing import Item, Place, Plan
from spondyl.registry.rows import Logged
from spondyl.registry.scores import Score

__all__ = ["Registry"]

_TOGETHER = 5_000


class Registry:
    """Cases with every claim, every decision and who made it.

    Args:
        place: A SQLite file, made if absent, or `postgresql://USER@HOST/NAME`.
        by: Who works; the user of the machine if not named. A decision that names somebody keeps that name.
        create: Whether to make a file that is not there.

    Raises:
        RegistryError: It cannot be opened, is no registry, or a newer Spondyl wrote it.

    Example:
        >>> import tempfile
        >>> from spondyl.record import Case, Claim
        >>> words = Paper(id="p1", source="p1.txt", text="A 46-year-old woman.")
        >>> age = Claim(field="age_years", value=46, quotes=(words.quote(2, 13),))
        >>> place = Path(tempfile.mkdtemp()) / "registry.db"
        >>> with Registry(place, by="A. Reviewer") as registry:
        ...     _ = registry.add(words, Reading(cases=(Case(case=1, label="", claims=(age,)),)))
        ...     right = Decision(
        ...         paper="p1", case=1, field="age_years", value=46, verdict="correct", corrected=49
        ...     )
        ...     entry = registry.decide(right)
        ...     [dict(e.fields) for e in registry.cases(age_years=(40, 60))], registry.check().faults
        ([{'age_years': 49}], ())
    """

    def __init__(self, place: str | Path, by: str = "", create: bool = True) -> None:
        self.by = by or _user()
        self._database = Database(place, create)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """Where it is, without a password."""
        return self._database.name

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def add(self, paper: Paper, reading: Reading, version: str = __version__) -> Added:
        """Add a paper with what was read from it, or bring it up to date.

        Args:
            paper: The paper.
            reading: What was read from it.
            version: Of the extraction.

        Returns:
            How many cases are new, changed, the same; how many differences with decisions were raised.
        """
        return self.add_all([(paper, reading)], version)

    def add_all(self, pairs: Iterable[tuple[Paper, Reading]], version: str = __version__) -> Added:
        """Add many papers, several hundred to a transaction.

        Args:
            pairs: Papers with what was read from them.
            version: Of the extraction.
        """
        done, rest = Added(), iter(pairs)
        while some := list(islice(rest, _TOGETHER)):
            with self._database.writing() as connection:
                done += adding.add(connection, some, Import(self.by, now(), version))
        return done

    def take(self, table: Table, skip_refused: bool = False) -> Added | None:
        """Take over a table of patients in one transaction.

        Args:
            table: What a file came to (`spondyl.registry.importing`).
            skip_refused: Take the other rows where some are refused.

        Returns:
            How many cases are new, changed, the same; `None` for a file that was taken before.

        Raises:
            RegistryError: Rows are refused, or the registry has a paper of that name from elsewhere.
        """
        if table.refused and not skip_refused:
            raise RegistryError(
                f"{table.name}: {len(table.refused)} rows are refused, nothing was imported; mend them, or take "
                "the others with --skip-refused"
            )
        with self._database.writing() as connection:
            if adding.taken(connection, table.sha256):
                return None
            if other := adding.elsewhere(connection, [paper.id for paper, _ in table.pairs]):
                raise RegistryError(
                    f"{table.name}: {other} was read from a paper; change its values by decisions instead"
                )
            return adding.add(connection, table.pairs, Import(self.by, now(), __version__, "table"))

    def cases(self, **wanted: Wanted) -> list[Entry]:
        """The cases that hold what is wanted; all where nothing is named.

        Args:
            wanted: Field → a value, a list of values of which one is enough, a range `(low, high)`, or `None` for
                a field without a value; `paper` and `kind` are known, too.
        """
        with self._database.reading() as connection:
            return asking.find(connection, wanted)

    def case(self, case: int | str | Entry) -> Entry:
        """One case, by its number in the registry or as `PAPER/N`.

        Raises:
            RegistryError: There is no such case.
        """
        with self._database.reading() as connection:
            return asking.entry(connection, case)

    def some(self, cases: Sequence[int]) -> list[Entry]:
        """Cases by their numbers in the registry, in that order; numbers that are not there are left out."""
        with self._database.reading() as connection:
            return asking.some(connection, cases)

    def papers(self) -> dict[str, dict[str, Any]]:
        """The papers by id, with their statements, without their text."""
        with self._database.reading() as connection:
            return asking.papers(connection)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Paper by paper what `spondyl extract --format jsonl` prints, after all decisions."""
        cases: dict[str, list[Any]] = {}
        for entry in self.cases():
            cases.setdefault(entry.paper, []).append(entry.as_dict())
        for name, about in self.papers().items():
            statements = about.pop("statements")
            yield {"paper": about, "cases": cases.get(name, []), "statements": statements}

    def decide(self, decision: Decision, revision: int | None = None) -> Entry:
        """Enter a reviewer's decision; it holds before anything that is or will be read.

        Args:
            decision: The decision; where it names nobody, it is this registry's user's.
            revision: The revision of the case that was looked at; a case changed since is refused.

        Returns:
            The case as it now stands.

        Raises:
            DecisionError: It makes no sense, or belongs to nothing in the registry.
            StaleError: The case was changed since that revision.
        """
        signed = decision if decision.by else decision.model_copy(update={"by": self.by})
        with self._database.writing() as connection:
            return asking.entry(connection, deciding.decide(connection, signed, now(), revision))

    def take_back(self, number: int, note: str = "") -> Entry:
        """Take back an entry of the log, by a further entry.

        Args:
            number: Of the entry, as `history` shows it.
            note: Why.

        Returns:
            The case as it now stands.

        Raises:
            DecisionError: There is no such entry, or it was taken back before.
        """
        with self._database.writing() as connection:
            case = deciding.take_back(connection, number, self.by, now(), note)
            return asking.entry(connection, case)

    def link(
        self, first: int | str | Entry, second: int | str | Entry, same: bool, note: str = ""
    ) -> int | None:
        """Decide that two cases are, or are not, of the same patient; both stay as they are.

        Args:
            first, second: The cases.
            same: Whether they are.
            note: Why.

        Returns:
            The number of the entry in the log; `None` where it stands already.

        Raises:
            RegistryError: There is no such case.
            DecisionError: It contradicts what else was decided.
        """
        with self._database.writing() as connection:
            pair = asking.reference(connection, first), asking.reference(connection, second)
            return links.link(connection, pair, same, self.by, now(), note)

    def plan(self, wanted: Plan) -> list[Place]:
        """What is left to look at, in order.

        Args:
            wanted: What a reviewer wants to look at.
        """
        with self._database.reading() as connection:
            return reviewing.plan(connection, wanted)

    def item(self, place: Place, wanted: Plan) -> Item:
        """A thing to look at, as it now stands."""
        with self._database.reading() as connection:
            return reviewing.item(connection, place, wanted)

    def logged(self, papers: Sequence[str] = ()) -> dict[int, list[Logged]]:
        """The decisions on the values of cases that were not taken back, by the case's number, in order.

        Args:
            papers: Of these papers alone; of all if none is named.
        """
        with self._database.reading() as connection:
            return asking.logged(connection, papers)

    def last(self, case: int | str | Entry) -> int:
        """The number of the last entry of the log on a case."""
        with self._database.reading() as connection:
            return asking.last(connection, asking.reference(connection, case))

    def duplicates(self, most: int = 50, settings: Mapping[str, Any] | None = None) -> Proposals:
        """Pairs of cases that may tell of one patient and that nobody has decided on.

        Args:
            most: So many at most.
            settings: Numbers of one's own (`spondyl.registry.weighing.own_settings`).
        """
        with self._database.reading() as connection:
            return duplicates.propose(connection, most, settings)

    def outdated(self, sheet: str, version: str) -> list[int]:
        """The cases without a score by this version of a sheet that rests on their values as they stand."""
        with self._database.reading() as connection:
            return scores.outdated(connection, sheet, version)

    def keep_scores(self, computed: Sequence[Score]) -> None:
        """Keep scores, each in place of an earlier one by the same sheet."""
        with self._database.writing() as connection:
            scores.keep(connection, computed, now())

    def scores(self, sheets: Sequence[str] = ()) -> list[Score]:
        """The scores that are kept, in the order of cases and sheets.

        Args:
            sheets: By these alone; by all if none is named.
        """
        with self._database.reading() as connection:
            return scores.stored(connection, sheets)

    def snapshot(self, folder: Path) -> list[Column]:
        """Write the registry as Parquet files, as it stands at this moment.

        Args:
            folder: The folder; made if absent.

        Returns:
            The columns of the fields in `cases.parquet`.
        """
        with self._database.reading() as connection:
            return snapshot.write(snapshot.of_registry(connection), folder)

    def history(self, case: int | str | Entry) -> list[Event]:
        """All that happened to a case, the oldest first.

        Raises:
            RegistryError: There is no such case.
        """
        with self._database.reading() as connection:
            return asking.events(connection, case)

    def check(self) -> Checked:
        """Whether schema, log, words and values hold together."""
        with self._database.reading() as connection:
            return checking.check(connection)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
