"""Names of files and addresses of links that hold whatever a paper calls itself."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

__all__ = ["doi_url", "file_name", "pmid_url"]

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def file_name(paper_id: str) -> str:
    """The name of a paper's text file, safe on every system.

    Example:
        >>> file_name("novak-2031-1a2b3c4d")
        'novak-2031-1a2b3c4d.txt'
        >>> file_name("../<b>.txt")
        'b-.txt-6df9ec771101.txt'
    """
    if _PLAIN.fullmatch(paper_id) and not _DEVICE.fullmatch(paper_id):
        return f"{paper_id}.txt"
    digest = hashlib.sha256(paper_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", paper_id).lstrip("._-")[:80]
    return f"{slug or 'paper'}-{digest}.txt"


def doi_url(doi: str) -> str:
    """The address of a DOI.

    Example:
        >>> doi_url("10.1000/a(1)<2>")
        'https://doi.org/10.1000/a(1)%3C2%3E'
    """
    return "https://doi.org/" + quote(doi.strip(), safe="/:;()._-")


def pmid_url(pmid: str) -> str:
    """The address of a PubMed record.

    Example:
        >>> pmid_url("123")
        'https://pubmed.ncbi.nlm.nih.gov/123/'
    """
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid.strip(), safe='')}/"
