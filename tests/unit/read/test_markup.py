# ruff: noqa: E501
"""JATS, PubMed XML and HTML. All texts are invented."""

from __future__ import annotations

from pathlib import Path

from spondyl import read
from spondyl.record import Paper, Table

JATS = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.0//EN" "JATS-journalpublishing1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title-group><journal-title>Invented Spine</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">99000001</article-id><article-id pub-id-type="doi">10.5555/inv.1</article-id>
<title-group><article-title>A lesion of <italic>T5</italic></article-title><subtitle>a case</subtitle></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>de Vry</surname><given-names>Tomas</given-names></name></contrib>
<contrib contrib-type="editor"><name><surname>Boss</surname><given-names>A</given-names></name></contrib></contrib-group>
<pub-date pub-type="epub"><year>2030</year></pub-date><pub-date pub-type="ppub"><year>2031</year></pub-date>
<abstract><sec><title>Background:</title><p>Rare.</p></sec><sec><title>Case</title><p>A man of 61.</p></sec></abstract>
</article-meta></front><body>
<p>Lesions are rare<sup><xref ref-type="bibr" rid="r1">1</xref>,<xref ref-type="bibr" rid="r2">2</xref></sup>.</p>
<sec sec-type="cases"><title>Case report</title><p>A man of 61&nbsp;years had 10<sup>5</sup> cells and 75 mg/m<sup>2</sup>.</p>
<sec><title>Treatment</title><p>He was operated on.<fig><label>Fig. 1</label><caption><p>MRI of T5.</p></caption></fig></p></sec></sec>
<sec><title>Discussion</title><p>Others saw the same.</p>
<table-wrap><label>Table 1</label><caption><p>Invented cases.</p></caption><table><thead><tr><th>Author</th><th colspan="2">Age, sex</th></tr></thead>
<tbody><tr><td rowspan="2">Umber 2001</td><td>58</td><td>M</td></tr><tr><td>60</td><td>F</td></tr></tbody></table>
<table-wrap-foot><p>M, male.</p></table-wrap-foot></table-wrap></sec></body>
<back><ack><p>We thank nobody.</p></ack><ref-list><title>References</title><ref><label>1</label><element-citation><person-group>
<name><surname>Umber</surname><given-names>T</given-names></name></person-group><source>Inv J</source><year>2001</year></element-citation></ref></ref-list></back></article>
"""

PUBMED = """<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "pubmed.dtd"><PubmedArticleSet>
{}</PubmedArticleSet>"""
ENTRY = """<PubmedArticle><MedlineCitation><PMID>9900000{n}</PMID><Article><Journal><JournalIssue><PubDate><Year>203{n}</Year>
<Month>May</Month></PubDate></JournalIssue><Title>Invented Spine</Title></Journal><ArticleTitle>A lesion of L{n}.</ArticleTitle><Abstract>
<AbstractText Label="BACKGROUND">Rare.</AbstractText><AbstractText Label="CASE">A man of 6{n}.</AbstractText></Abstract>
<AuthorList><Author><LastName>Umber</LastName><ForeName>Tindra</ForeName></Author></AuthorList></Article></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.5555/inv.{n}</ArticleId></ArticleIdList><ReferenceList><Reference>
<Citation>Wystan X. Inv J. 2001.</Citation><ArticleIdList><ArticleId IdType="doi">10.5555/other</ArticleId></ArticleIdList>
</Reference></ReferenceList></PubmedData></PubmedArticle>"""

PAGE = """<!doctype html><html><head><title>x</title><meta name="citation_title" content="A lesion of T5">
<meta name="citation_author" content="Ana Ramos"><meta name="citation_author" content="de Vry, Tomas">
<meta name="citation_doi" content="10.5555/inv.7"><meta name="citation_publication_date" content="2031/03/02"></head>
<body><nav>Home Login</nav><main><h1>A lesion of T5</h1><p>Ana Ramos, Tomas de Vry</p>
<h2>Case report</h2><p>A man of 61 had<br>pain&lt;script&gt;.</p><script>alert("x")</script><style>p {}</style>
<h3>Treatment</h3><p>Surgery<sup><a href="#1">1</a></sup> helped.</p><figure><figcaption>Figure 1. MRI.</figcaption></figure>
<table><caption>Table 1. Cases</caption><tr><th>Author</th><th>Age</th></tr><tr><td>Umber</td><td>58</td></tr></table>
<h2>Discussion</h2><p>Rare indeed.</p><h2>References</h2><ol><li>Umber T. Inv J 2001;1:2. doi:10.5555/other</li></ol>
</main><footer>Imprint</footer></body></html>"""


def kept(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def section(paper: Paper, title: str) -> str:
    s = next(s for s in paper.sections if s.title == title)
    return paper.text[s.start : s.end]


def kind(paper: Paper, title: str) -> str:
    return next(s.kind for s in paper.sections if s.title == title)


def assert_sound(paper: Paper) -> None:
    assert [s.start for s in paper.sections] == [0, *(s.end for s in paper.sections[:-1])]
    assert paper.sections[-1].end == len(paper.text)
    assert all(paper.text[c.start : c.end] == c.text for t in paper.tables for c in t.cells)


def spans(table: Table) -> dict[str, tuple[int, int, int, int]]:
    return {c.text: (c.row, c.column, c.rows, c.columns) for c in table.cells}


def test_jats(tmp_path: Path) -> None:
    paper = read.paper(kept(tmp_path, "a.nxml", JATS))
    assert_sound(paper)
    assert (paper.title, paper.authors, paper.year) == ("A lesion of T5: a case", ("de Vry, Tomas",), 2031)
    assert (paper.doi, paper.pmid, paper.journal, paper.format) == (
        "10.5555/inv.1",
        "99000001",
        "Invented Spine",
        "jats",
    )
    assert kind(paper, "Background") == kind(paper, "Case") == "abstract"
    assert "Lesions are rare[1,2]." in paper.text
    assert "A man of 61 years had 10^5 cells and 75 mg/m2." in section(paper, "Case report")
    assert kind(paper, "Treatment") == "case_report"
    assert section(paper, "Fig. 1").strip() == "Fig. 1. MRI of T5."
    assert kind(paper, "Acknowledgments") == "back_matter"
    assert section(paper, "References").endswith("1 Umber T Inv J 2001\n\n")


def test_jats_table_with_spans(tmp_path: Path) -> None:
    (table,) = read.paper(kept(tmp_path, "a.xml", JATS)).tables
    assert (table.label, table.caption) == ("Table 1", "Invented cases.")
    assert spans(table) == {
        "Author": (0, 0, 1, 1), "Age, sex": (0, 1, 1, 2), "Umber 2001": (1, 0, 2, 1), "58": (1, 1, 1, 1),
        "M": (1, 2, 1, 1), "60": (2, 1, 1, 1), "F": (2, 2, 1, 1),
    }  # fmt: skip
    assert [c.text for c in table.cells if c.head] == ["Author", "Age, sex"]


def test_pubmed_gives_each_article(tmp_path: Path) -> None:
    path = kept(tmp_path, "a.xml", PUBMED.format(ENTRY.format(n=1) + ENTRY.format(n=2)))
    papers = [p for p in read.papers([str(path)]) if isinstance(p, Paper)]
    assert [(p.pmid, p.doi, p.year, p.title) for p in papers] == [
        ("99000001", "10.5555/inv.1", 2031, "A lesion of L1"), ("99000002", "10.5555/inv.2", 2032, "A lesion of L2"),
    ]  # fmt: skip
    assert read.paper(path) == papers[0]
    assert len({p.id for p in papers}) == 2
    assert "A man of 61." in section(papers[0], "Case")
    assert section(papers[0], "References").strip().endswith("Wystan X. Inv J. 2001.")


def test_html(tmp_path: Path) -> None:
    paper = read.paper(kept(tmp_path, "a.html", PAGE))
    assert_sound(paper)
    assert (paper.title, paper.authors) == ("A lesion of T5", ("Ramos, Ana", "de Vry, Tomas"))
    assert (paper.doi, paper.year, paper.format) == ("10.5555/inv.7", 2031, "html")
    assert "pain<script>." in section(paper, "Case report")
    assert "Surgery[1] helped." in section(paper, "Treatment")
    assert [kind(paper, t) for t in ("Treatment", "Discussion", "References")] == [
        "case_report",
        "discussion",
        "references",
    ]
    assert paper.tables[0].label == "Table 1"
    for gone in ("alert", "Login", "Imprint", "p {}"):
        assert gone not in paper.text


def test_html_declares_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.htm"
    path.write_bytes(
        "<html><head><meta charset='latin-1'></head><p>Müller had a lesion.</p></html>".encode("latin-1")
    )
    assert "Müller" in read.paper(path).text
