"""The house's own rules: sizes, exports, imports, nothing of a machine in the repository."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from house import ROOT, SRC, modules, packages, tracked

PYTHON = [p for p in tracked() if p.suffix == ".py"]
FUNCTION_LINES, FILE_LINES, ARGUMENTS, MEDIAN = 60, 400, 7, 8


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    doc = function.body[0] if ast.get_docstring(function, clean=False) is not None else None
    return (
        (function.end_lineno or 0)
        - function.lineno
        + 1
        - ((doc.end_lineno or 0) - doc.lineno + 1 if doc else 0)
    )


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    a = function.args
    names = [x.arg for x in [*a.posonlyargs, *a.args, *a.kwonlyargs]]
    return len([n for n in names if n not in ("self", "cls")])


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_too_long() -> None:
    long = {name(p): n for p in PYTHON if (n := len(p.read_text("utf-8").splitlines())) > FILE_LINES}
    assert not long, f"split these files, {FILE_LINES} lines at most: {long}"


def test_no_function_is_too_long() -> None:
    long = {
        f"{name(p)}:{f.lineno} {f.name}": n
        for p in PYTHON if p.is_relative_to(SRC) for f in functions(p) if (n := own_lines(f)) > FUNCTION_LINES
    }  # fmt: skip
    assert not long, f"split these functions, {FUNCTION_LINES} lines at most: {long}"


def test_functions_are_short_by_habit() -> None:
    lengths = [own_lines(f) for p in PYTHON if p.is_relative_to(SRC) for f in functions(p)]
    assert statistics.median(lengths) <= MEDIAN


def test_no_function_takes_too_many_arguments() -> None:
    many = {
        f"{name(p)}:{f.lineno} {f.name}": n
        for p in PYTHON if p.is_relative_to(SRC) for f in functions(p) if (n := arguments(f)) > ARGUMENTS
    }  # fmt: skip
    assert not many, f"{ARGUMENTS} arguments at most: {many}"


def test_imports_keep_to_the_layers() -> None:
    checked = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_export_is_what_all_says(package: str) -> None:
    module = importlib.import_module(package)
    exported = set(getattr(module, "__all__", ()))
    absent = {export for export in exported if not hasattr(module, export)}
    assert not absent, f"{package}.__all__ names what {package} does not have"
    inside = ast.parse(Path(module.__file__ or "").read_text("utf-8")).body
    defines = {d.name for d in inside if isinstance(d, ast.FunctionDef | ast.ClassDef) and d.name[0] != "_"}
    assert defines <= exported, f"{package} defines what its __all__ does not name"
    if not defines:
        imported = {n for n, v in vars(module).items() if n[0] != "_" and of_ours(v)}
        assert imported <= exported, f"{package} imports what its __all__ does not name"


def of_ours(value: object) -> bool:
    return not isinstance(value, ModuleType) and str(getattr(value, "__module__", "")).startswith("spondyl")


def test_a_public_name_is_never_a_module(package: str) -> None:
    module = importlib.import_module(package)
    if package != "spondyl":
        taken = {n for n in getattr(module, "__all__", ()) if f"{package}.{n}" in modules()}
        assert not taken, f"{package} exports {taken}, which are modules of it, too"


def test_examples_in_docstrings_run(module: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_nothing_of_a_machine_is_in_the_repository() -> None:
    homes = r"(?<![\w.\-])/" + "(?:" + "|".join(["work", "root", "home", "Users"]) + r")/\w"
    hosts = "|".join([r"pypi\." + "org", r"python" + r"hosted\.org", "index-" + "url", "npm" + r"js\."])
    bad = re.compile(f"{homes}|{hosts}")
    found = [
        f"{name(p)}: {hit[0]}" for p in tracked()
        if p.suffix not in (".pdf", ".png") and (hit := bad.search(p.read_text("utf-8", "replace")))
    ]  # fmt: skip
    assert not found


def test_no_lock_file_is_kept() -> None:
    assert "uv.lock" not in {name(p) for p in tracked()}


def test_constraints_are_names_and_versions_alone() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[0-9][\w.+!]*", line)]
    assert not wrong
    assert lines == sorted(lines)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "package" in metafunc.fixturenames:
        metafunc.parametrize("package", packages())
    if "module" in metafunc.fixturenames:
        metafunc.parametrize("module", modules())
