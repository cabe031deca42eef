"""Reading: anything → Paper.

paper(path)          one file
text(words)          a string in memory
find(paths)          files and directories → the files to read
papers(files)        many files, in order, streaming
Duplicates           tells when the same paper comes again
fingerprint(paper)   what it keeps of a paper
"""

from __future__ import annotations

from pathlib import Path

from spondyl.read.assemble import SUFFIXES, every_paper, from_text
from spondyl.read.batch import papers
from spondyl.read.decode import LIMIT
from spondyl.read.inputs import Inputs, Problem, find
from spondyl.read.same import Duplicates, Fingerprint, fingerprint
from spondyl.record import Paper

__all__ = [
    "LIMIT", "SUFFIXES", "Duplicates", "Fingerprint", "Inputs", "Problem", "find", "fingerprint", "paper", "papers",
    "text",
]  # fmt: skip


def paper(path: str | Path) -> Paper:
    """Read one paper from a file.

    Args:
        path: The file; its suffix says what it is, or its first bytes where the suffix is unknown. Of a
            PubMed file with several articles the first is read; `papers` gives them all.

    Returns:
        The paper.

    Raises:
        ReadError: The file cannot be read: what was found, where, and how to mend it.

    Example:
        >>> import pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "Case 1.txt")
        >>> _ = file.write_text("A 61-year-old man had a lesion of T5.")
        >>> read = paper(file)
        >>> read.id, read.quote(24, 30).text
        ('case-1-1228cc23', 'lesion')
    """
    return next(iter(every_paper(path)))


def text(words: str, source: str = "text") -> Paper:
    """Read one paper from a string in memory.

    Args:
        words: The text; it is the paper's canonical text as it stands.
        source: What to call it.

    Returns:
        The paper.

    Example:
        >>> [s.kind for s in text("A 61-year-old man had a lesion of T5.").sections]
        ['other']
    """
    return from_text(words, source)
