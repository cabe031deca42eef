"""Plain words for the patient, as data."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import Field, field_validator

from spondyl.consult.rules.fields import field_of, fields
from spondyl.consult.rules.loading import load
from spondyl.consult.rules.model import Strict, Text
from spondyl.consult.rules.strict import near, parsed, read
from spondyl.record import SheetError

__all__ = ["PlainWords", "Sentence", "parse_plain", "plain_words"]


class Sentence(Strict):
    """What is said of a field; "{}" stands for its values."""

    field: Text
    says: Annotated[str, Field(pattern=r"\{\}")]

    @field_validator("field")
    @classmethod
    def _known(cls, name: str) -> str:
        if name != "denied":
            field_of(name)
        return name


class PlainWords(Strict):
    """The file of plain words.

    Args:
        page: The page's heading.
        lead: How to read it.
        disclaimer: What it is not.
        signs: Red flags that are said to everybody.
        sentences: What is said of the record, in order.
        values: Field → value → plain words.
        glossary: Beginning of a word → its explanation.
        questions: Field or score → what to ask where it is missing.
        disciplines: Discipline → what it does.
    """

    schema_: Literal["spondyl.plain/1"] = Field(alias="schema")
    version: Text
    title: Text
    checked: Text
    page: Text
    lead: Text
    disclaimer: Text
    signs: list[Text]
    sentences: list[Sentence]
    values: dict[str, dict[str, Text]]
    glossary: dict[str, Text]
    questions: dict[str, Text]
    disciplines: dict[str, Text]

    def said(self, field: str, value: str) -> str:
        """A value in plain words; denied findings use the words of findings."""
        words = self.values.get("presentation" if field == "denied" else field, {})
        return words.get(value, value.replace("_", " "))


@cache
def plain_words() -> PlainWords:
    """The plain words that ship with Spondyl.

    Example:
        >>> plain_words().said("presentation", "sphincter_dysfunction")
        'trouble with bladder or bowel'
    """
    return _checked(read("plain", PlainWords), "plain.toml")


def parse_plain(text: str, file: str) -> PlainWords:
    """Plain words from the text of a file.

    Raises:
        SheetError: It breaks a rule of its own; the message names the key and the mend.
    """
    return _checked(parsed(text, file, PlainWords), file)


def _checked(found: PlainWords, file: str) -> PlainWords:
    flags = {r.id: r for r in load("flags").rules}
    for name in found.signs:
        if name not in flags or not flags[name].plain:
            raise SheetError(
                file, "signs", f"{name} is no red flag with plain words", f"name one{near(name, flags)}"
            )
    for field, words in found.values.items():
        known = fields().get(field)
        for value in words if known and known.values else ():
            if known and value not in known.values:
                raise SheetError(
                    file,
                    f"values.{field}",
                    f"{field} is never {value}",
                    f"spell it right{near(value, known.values)}",
                )
    return found
