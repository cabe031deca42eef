"""PubMed XML (efetch) → Papers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from spondyl.read.about import About, clean_doi
from spondyl.read.build import Builder
from spondyl.read.xml import attribute, child, children, words

__all__ = ["pubmed"]

_YEAR = re.compile(r"(?:19|20)\d\d")


def pubmed(root: etree._Element) -> Iterator[tuple[Builder, About]]:
    """The articles of a PubMed file, in order.

    Args:
        root: The root element, tags without namespaces.

    Yields:
        For each article the text being built, and what it says of itself.
    """
    single = root.tag in ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
    for entry in (
        [root] if single else children(root, "PubmedArticle", "PubmedBookArticle", "MedlineCitation")
    ):
        citation = entry if entry.tag == "MedlineCitation" else child(entry, "MedlineCitation")
        if citation is None:
            citation = child(entry, "BookDocument")
        article = child(citation, "Article")
        if article is None:
            article = citation
        if article is None or citation is None:
            continue
        said = _about(entry, citation, article)
        yield _built(entry, citation, article, said), said


def _about(entry: etree._Element, citation: etree._Element, article: etree._Element) -> About:
    listed = child(entry, "PubmedData", "ArticleIdList")
    ids = {attribute(e, "IdType"): words(e) for e in children(listed, "ArticleId")}
    for e in children(article, "ELocationID"):
        ids.setdefault(attribute(e, "EIdType"), words(e))
    pmid = words(child(citation, "PMID"))
    title = words(child(article, "ArticleTitle")) or words(child(article, "Book", "BookTitle"))
    issue = child(article, "Journal", "JournalIssue", "PubDate")
    year = _YEAR.search(words(issue)) or _YEAR.search(words(child(article, "ArticleDate", "Year")))
    return About(
        title=title.strip("[]").rstrip(".") or None,
        authors=tuple(_authors(article)),
        year=int(year[0]) if year else None,
        journal=words(child(article, "Journal", "Title"))
        or words(child(citation, "MedlineJournalInfo", "MedlineTA"))
        or None,
        doi=clean_doi(ids.get("doi", "")),
        pmid=pmid if pmid.isdigit() else None,
    )


def _authors(article: etree._Element) -> Iterator[str]:
    for person in children(child(article, "AuthorList"), "Author"):
        parts = (
            words(child(person, "LastName")),
            words(child(person, "ForeName")) or words(child(person, "Initials")),
        )
        if name := ", ".join(p for p in parts if p) or words(child(person, "CollectiveName")):
            yield name


def _built(entry: etree._Element, citation: etree._Element, article: etree._Element, said: About) -> Builder:
    out = Builder()
    if said.title:
        out.section("title", said.title)
    out.section("front_matter")
    out.paragraph("; ".join(said.authors))
    out.paragraph(" ".join(filter(None, (said.journal or "", str(said.year or "")))))
    if said.doi:
        out.paragraph(f"doi: {said.doi}")
    if said.pmid:
        out.paragraph(f"PMID: {said.pmid}")
    for abstract in [*children(article, "Abstract"), *children(citation, "OtherAbstract")]:
        out.section("abstract", "Abstract")
        for part in children(abstract, "AbstractText"):
            if label := attribute(part, "Label"):
                out.section("abstract", label.capitalize())
            out.paragraph(words(part))
    keywords = [words(k) for k in citation.iter("Keyword")]
    if keywords:
        out.section("front_matter")
        out.paragraph("Keywords: " + ", ".join(keywords))
    cited = [words(child(r, "Citation")) for r in entry.iter("Reference")]
    if any(cited):
        out.section("references", "References")
        for words_of_one in cited:
            out.paragraph(words_of_one)
    return out
