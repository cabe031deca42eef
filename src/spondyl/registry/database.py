"""A database and its transactions: SQLite or PostgreSQL, one schema, versioned migrations."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from spondyl.record import RegistryError

__all__ = ["VERSION", "Database", "now"]

_LOCK = 0x5B0D71  # of one writer at a time in PostgreSQL
_WAIT_S = 60
_SETTINGS = (
    "page_size = 16384",  # of a new file
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",  # 64 MiB: the indexes of a large registry stay in memory while it is loaded
    "wal_autocheckpoint = 16384",  # and are written back every 64 MiB, not every four
)


def _steps() -> dict[int, list[str]]:
    names = sorted(
        p.name for p in resources.files("spondyl.registry").joinpath("migrations").iterdir()
        if p.name.endswith(".sql")
    )  # fmt: skip
    out: dict[int, list[str]] = {}
    for name in names:
        out.setdefault(int(name[:4]), []).append(name)
    return out


VERSION = max(_steps())
"""The schema's version that this version of Spondyl writes."""


def now() -> str:
    """This moment in UTC, as it stands in the log."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Database:
    """A database with the registry's tables; made or brought up to date when it is opened.

    Args:
        place: A path of a SQLite file, or `postgresql://USER@HOST/NAME`.
        create: Whether to make a file that is not there.

    Raises:
        RegistryError: It cannot be opened, is no registry, or a newer Spondyl wrote it.
    """

    def __init__(self, place: str | Path, create: bool = True) -> None:
        self.name = _named(place)
        self.engine = _engine(place, create)
        try:
            with self.engine.connect() as connection:
                self.version = _migrated(connection, self.name)
        except DBAPIError as error:
            self.engine.dispose()
            raise RegistryError(
                f"{self.name}: cannot be opened as a registry ({_first_line(error)}); name a registry, or a new file"
            ) from None
        except BaseException:
            self.engine.dispose()
            raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A view of the database that does not change while it is used."""
        with self._told(), self.engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """The one writer: all of it is kept, or nothing."""
        with self._told(), self.engine.connect() as opened:
            connection = opened.execution_options(writing=True)
            with connection.begin():
                _locked(connection)
                yield connection

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise RegistryError(
                f"{self.name}: the database refused ({_first_line(error)}); nothing was changed, try again"
            ) from None

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def _named(place: str | Path) -> str:
    """The place without a password."""
    return sa.make_url(str(place)).render_as_string() if "://" in str(place) else str(place)


def _engine(place: str | Path, create: bool) -> sa.Engine:
    text = str(place)
    if text.startswith(("postgresql://", "postgres://")):
        return _server(text)
    if "://" in text:
        raise RegistryError(f"{_named(place)}: no known kind of database; give a file or postgresql://…")
    path = Path(text)
    if not create and not path.is_file():
        raise RegistryError(f"{path}: there is no such registry; make one with: spondyl registry add")
    if not path.parent.is_dir():
        raise RegistryError(f"{path}: there is no folder {path.parent}; make it first")
    url = sa.URL.create("sqlite", database=text)
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": _WAIT_S})
    sa.event.listen(engine, "connect", _prepared)
    sa.event.listen(engine, "begin", _begun)
    return engine


def _server(place: str) -> sa.Engine:
    url = sa.make_url(place).set(drivername="postgresql+psycopg")
    try:
        return sa.create_engine(url, hide_parameters=True)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise RegistryError(
            f"{_named(place)}: the driver of PostgreSQL is not installed; install spondyl[server]"
        ) from None


def _prepared(connection: Any, _: Any) -> None:
    """Begin transactions ourselves; write ahead, and on the disk before it counts as done."""
    connection.isolation_level = None
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}").close()


def _begun(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _locked(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _first_line(error: DBAPIError) -> str:
    """What the driver says, without the values of the statement."""
    return str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__


def _migrated(connection: sa.Connection, name: str) -> int:
    """Bring a database up to date, one transaction in all; what is up to date is only read."""
    stands = _version(connection, name)
    connection.rollback()
    if stands < VERSION:
        connection = connection.execution_options(writing=True)
        with connection.begin():
            _locked(connection)
            _upgrade(connection, _version(connection, name))
    return VERSION


def _version(connection: sa.Connection, name: str) -> int:
    tables = set(sa.inspect(connection).get_table_names())
    if "migrations" not in tables:
        if tables:
            raise RegistryError(f"{name}: a database, but no registry; name another file")
        return 0
    stands = int(connection.execute(sa.text("SELECT COALESCE(MAX(version), 0) FROM migrations")).scalar_one())
    if stands > VERSION:
        raise RegistryError(
            f"{name}: written by a newer Spondyl (schema {stands}, known {VERSION}); update it"
        )
    return stands


def _upgrade(connection: sa.Connection, stands: int) -> None:
    if stands == 0:
        connection.execute(
            sa.text("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, at TEXT NOT NULL)")
        )
    for version, files in _steps().items():
        if version > stands:
            for file in files:
                _run(connection, file)
            connection.execute(
                sa.text("INSERT INTO migrations VALUES (:version, :at)"), {"version": version, "at": now()}
            )


def _run(connection: sa.Connection, file: str) -> None:
    """Statements with an empty line between; a file named after a dialect is for that one alone."""
    parts = file.split(".")
    if len(parts) == 3 and parts[1] != connection.dialect.name:
        return
    text = resources.files("spondyl.registry").joinpath("migrations", file).read_text("utf-8")
    for statement in text.split("\n\n"):
        connection.exec_driver_sql(statement.strip())
