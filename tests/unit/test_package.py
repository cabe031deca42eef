from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import metadata, resources

import pytest

import spondyl
from house import ROOT


def imported(code: str) -> set[str]:
    """The top-level modules loaded after some code."""
    shown = f"{code}; import sys; print(*{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert spondyl.__version__ == project["version"] == metadata.version("spondyl")


def test_importing_it_imports_nothing_heavy() -> None:
    heavy = {
        "pydantic",
        "lxml",
        "typer",
        "rich",
        "jinja2",
        "docx",
        "openpyxl",
        "pypdfium2",
        "selectolax",
        "sqlalchemy",
    }
    assert not imported("import spondyl") & heavy


def test_the_help_reads_no_paper_and_needs_no_reader() -> None:
    loaded = imported("from spondyl.app.cli import app")
    assert not loaded & {"pydantic", "lxml", "docx", "openpyxl", "pypdfium2", "selectolax", "sqlalchemy"}


@pytest.mark.parametrize("name", [n for n in spondyl.__all__ if n != "__version__"])
def test_a_subpackage_loads_when_it_is_named(name: str) -> None:
    assert getattr(spondyl, name).__name__ == f"spondyl.{name}"


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'exctract'; it has .*extract"):
        _ = spondyl.exctract


def test_it_is_typed() -> None:
    assert resources.files("spondyl").joinpath("py.typed").is_file()


def test_the_interface_of_the_readme_is_there() -> None:
    assert callable(spondyl.read.paper)
    assert callable(spondyl.extract.cases)
    assert callable(spondyl.consult.report)
    assert spondyl.Registry is spondyl.registry.Registry
