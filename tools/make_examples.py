"""Print the invented papers that ship as PDF: `uv run --with typst python tools/make_examples.py`.

The same source gives the same bytes: no date, no machine's fonts.
"""

from __future__ import annotations

from pathlib import Path

import typst

SOURCES = Path(__file__).parent / "examples"
PAPERS = Path(__file__).parents[1] / "src" / "spondyl" / "examples" / "papers"


def main() -> None:
    """Compile every paper beside `house.typ` into the package's examples."""
    for source in sorted(SOURCES.glob("*.typ")):
        if source.name != "house.typ":
            printed = typst.compile(source, format="pdf", ignore_system_fonts=True, pdf_tags=False)
            (PAPERS / f"{source.stem}.pdf").write_bytes(printed)


if __name__ == "__main__":
    main()
