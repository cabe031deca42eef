"""The published sources that rules rest on, and how they are cited."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from spondyl.consult.rules.strict import read
from spondyl.present.consultation import Basis

__all__ = ["Source", "source", "sources"]

Text = Annotated[str, Field(min_length=1)]


class Source(BaseModel):
    """A published source and how much of it was read.

    Args:
        id: Its name in rules.
        authors: As printed, shortened by "et al." where there are many.
        year: Of publication; None for a page that bears none.
        title: As printed.
        where: Journal with volume and pages, or the book or site.
        doi, pmid, url: At least one of them.
        short: How sentences name it, where that is not its first author.
        level: The level of evidence as the source states it, or the kind of study in plain words.
        read: How much of it was read for what is taken from it: "full", "abstract", or "quoted in" another source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    authors: Text
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    title: Text
    where: Text
    level: Text
    read: Annotated[str, Field(pattern=r"^(full|abstract|table|quoted in .+)$")]
    doi: str = ""
    pmid: str = ""
    url: str = ""
    short: str = ""

    @model_validator(mode="after")
    def _found_again(self) -> Source:
        if not (self.doi or self.pmid or self.url):
            raise ValueError(f"{self.id} cannot be found again: add doi, pmid or url")
        return self

    @property
    def name(self) -> str:
        """How a sentence names it: first author and year.

        Example:
            >>> source("fisher2010").name
            'Fisher et al. 2010'
        """
        return f"{self.short or _named(self.authors)} {self.year or '(undated)'}"

    @property
    def citation(self) -> str:
        """Authors, title, place and year in a line."""
        return f"{self.authors.rstrip('.')}. {self.title}. {self.where} {self.year or '(undated)'}"

    @property
    def place(self) -> str:
        """DOI and PMID, or the address."""
        known = [f"doi:{self.doi}" * bool(self.doi), f"PMID {self.pmid}" * bool(self.pmid)]
        return ", ".join(filter(None, known)) or self.url

    @property
    def address(self) -> str:
        """Where a reader finds it."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else self.url

    @property
    def basis(self) -> Basis:
        """The source as a line's basis; one that was not read itself says so."""
        said = f" ({self.read})" if self.read.startswith("quoted") else ""
        return Basis(
            "source", self.citation + said, self.place, self.address, self.level, str(self.year or "")
        )


def _named(authors: str) -> str:
    """One author, two joined by "and", or the first of more.

    Example:
        >>> _named("Rutkowski P, Lugowska I"), _named("Koruga N, Rončević A, et al.")
        ('Rutkowski and Lugowska', 'Koruga et al.')
    """
    names = [_surname(a) for a in authors.removesuffix(".").split(", ")]
    if len(names) == 2 and names[1] != "et al":
        return " and ".join(names)
    return f"{names[0]} et al." if len(names) > 1 else names[0]


def _surname(author: str) -> str:
    """The name before the initials."""
    words = author.split()
    while len(words) > 1 and words[-1].isupper() and len(words[-1]) <= 3:
        words.pop()
    return " ".join(words)


class _Sources(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    schema_: Literal["spondyl.sources/1"] = Field(alias="schema")
    sources: list[Source]


@cache
def sources() -> Mapping[str, Source]:
    """All sources by their ids."""
    return {s.id: s for s in read("sources", _Sources).sources}


def source(name: str) -> Source:
    """A source by its id.

    Example:
        >>> source("fisher2010").doi
        '10.1097/BRS.0b013e3181e16ae2'
    """
    return sources()[name]
