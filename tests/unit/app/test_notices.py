from __future__ import annotations

import pytest

from spondyl.app.notices import Notices, plain
from spondyl.read import Problem

BAD = Problem("the file is empty", "in/a.pdf", "download it again")


def test_a_problem_is_one_line_on_standard_error_and_sets_the_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Notices() as notices:
        notices.problem(BAD)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "in/a.pdf: the file is empty; download it again\n"
    assert notices.status == 1


def test_a_long_line_is_not_folded(capsys: pytest.CaptureFixture[str]) -> None:
    with Notices() as notices:
        notices.problem(BAD._replace(where="x" * 300))
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_name_cannot_steer_the_terminal_or_be_markup(capsys: pytest.CaptureFixture[str]) -> None:
    with Notices() as notices:
        notices.problem(BAD._replace(where="[red]\x1b[2J\nb.txt"))
    assert capsys.readouterr().err.startswith(r"[red]\x1b[2J\nb.txt: ")


def test_files_left_aside_are_counted_by_suffix(capsys: pytest.CaptureFixture[str]) -> None:
    with Notices() as notices:
        notices.skipped({".png": 2, "": 1})
        notices.skipped({})
    assert capsys.readouterr().err == "left aside 3 files: 2 .png, 1 without a suffix\n"
    assert notices.status == 0


def test_letters_of_any_script_stay_as_they_are() -> None:
    assert plain("Métastase 脊椎 µ") == "Métastase 脊椎 µ"
