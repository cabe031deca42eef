"""The report's page in headless Chromium, driven with clicks and keys."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("selenium", reason="the browser tests need: uv run --group browser pytest tests/browser")

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from spondyl.consult.decisions import load
from spondyl.consult.gathering import Gathered
from spondyl.consult.reporting import compose
from spondyl.record import Case, Paper, Reading
from unit.present.invented import FIRST, claim, write

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def browser(downloads: Path) -> Iterator[webdriver.Chrome]:
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and chromedriver):
        assert not os.environ.get("CI"), "chromium and chromedriver must be there in CI"
        pytest.skip("no chromium or no chromedriver on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,1000"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    yield driver
    driver.quit()


class Page:
    """The page as a reviewer uses it."""

    def __init__(self, browser: webdriver.Chrome, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        browser.get((folder / "index.html").as_uri())

    def all(self, css: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        return self.one(css).text

    def row(self, words: str) -> WebElement:
        return next(r for r in self.all("#rows tr") if words in r.text)

    def value(self, row: str, column: str, n: int = 0) -> WebElement:
        found = self.row(row).find_elements(By.CSS_SELECTOR, f"td.col-{column} .v")[n]
        self.run("arguments[0].scrollIntoView({block: 'nearest', inline: 'nearest'})", found)
        return found

    def keys(self, *keys: str) -> None:
        ActionChains(self.browser).send_keys(*keys).perform()

    def marked(self, kind: str) -> list[str]:
        return [m.text for m in self.all(f"#text mark.{kind}")]

    def selected(self) -> str:
        return self.text("#rows .v.selected")

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)  # type: ignore[no-untyped-call]

    def saved(self, downloads: Path) -> Path:
        for old in downloads.iterdir():
            old.unlink()
        self.one("#save").click()
        path = downloads / "decisions.json"
        for _ in range(100):
            if path.is_file() and path.stat().st_size:
                return path
            time.sleep(0.05)
        raise AssertionError("decisions.json was not saved")


@pytest.fixture
def page(browser: webdriver.Chrome, tmp_path: Path) -> Iterator[Page]:
    write(tmp_path / "evidence")
    opened = Page(browser, tmp_path / "evidence")
    yield opened
    worst = [x for x in browser.get_log("browser") if x["level"] in ("SEVERE", "WARNING")]  # type: ignore[no-untyped-call]
    assert worst == []


def visible(page: Page, css: str) -> bool:
    """Whether an element is really inside the part of its box that is seen."""
    return bool(
        page.run(
            "const box = document.getElementById('paper').getBoundingClientRect();"
            "const r = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return r.height > 0 && r.top >= box.top && r.bottom <= box.bottom",
            css,
        )
    )


def test_a_click_on_a_value_shows_its_words(page: Page) -> None:
    assert not page.one("#pane").is_displayed()
    page.value("Case 1", "radiotherapy").click()
    assert page.one("#pane").is_displayed()
    assert page.marked("q1") == ["30 Gy"]  # it stands behind letters and faces outside the basic plane
    assert visible(page, "#text mark.q1")
    assert page.run("return document.getElementById('text').textContent") == FIRST
    at = FIRST.index("46-year-old")
    page.run(f"location.hash = '#words=adler-1a2b3c4d.txt:{at}-{at + 11}'")
    assert any(page.marked("q1") == ["46-year-old"] or time.sleep(0.05) for _ in range(100))


def test_supporting_words_have_a_tint_of_their_own(page: Page) -> None:
    page.value("Case 1", "treatment", 4).click()
    assert page.text("#rows .v.selected") == "gross total"
    assert page.marked("q1") == ["gross total resection"]
    assert page.marked("q2") == ["leiomyosarcoma"]
    tints = {page.one(f"#text mark.{q}").value_of_css_property("background-color") for q in ("q1", "q2")}
    assert len(tints) == 2


def test_a_contradiction_shows_both_and_a_denial_is_no_symptom(page: Page) -> None:
    row = page.row("Case 1")
    assert "46 / 49" in row.find_element(By.CSS_SELECTOR, "td.col-age").text
    assert "denied: sensory deficit" in row.find_element(By.CSS_SELECTOR, "td.col-presentation").text
    page.value("Case 1", "age", 1).click()
    assert page.marked("q1") == ["49-year-old"]
    assert "contradicts itself: 46 / 49" in page.text("#card")


def test_rows_say_whose_they_are(page: Page) -> None:
    assert "as reported by Adler and Birch 2031" in page.row("Pine et al., 2020").text
    assert "group: 24 patients with spinal metastases" in page.row("group:").text
    assert "median 58 (31–80)" in page.row("group:").text


def test_nothing_a_paper_says_is_run(page: Page) -> None:
    page.row("Case 1").find_element(By.CSS_SELECTOR, ".study").click()
    assert page.run("return window.hacked") is None
    assert page.all("#text img, #text script, #rows img") == []
    assert "<img src=x" in page.text("#title")


def test_keys_accept_correct_reject_note_and_undo(page: Page, downloads: Path) -> None:
    page.value("Case 1", "age").click()
    page.keys("a")
    assert (page.text("#counts"), page.selected()) == ("1 of 45 reviewed", "49")
    page.keys("r")
    assert page.selected() == "female"
    page.keys(Keys.ENTER)
    assert page.selected() == "leiomyosarcoma"
    page.keys("u")
    assert (page.text("#counts"), page.selected()) == ("2 of 45 reviewed", "female")
    page.keys("n", "only in the abstract", Keys.ENTER)
    assert "only in the abstract" in page.text("#card")
    page.value("Case 1", "follow_up").click()
    page.keys("c", "fourteen", Keys.ENTER)
    assert "not a number" in page.text("#form .wrong")
    page.keys(Keys.ESCAPE)
    page.keys("c", "14.5", Keys.ENTER)
    assert page.value("Case 1", "follow_up").text.startswith("14.5")
    assert page.value("Case 1", "follow_up").find_element(By.CSS_SELECTOR, "s").text == "12"
    assert page.selected() == "yes"
    assert page.text("#detail") == "1 accepted · 1 corrected · 1 rejected · 0 not stated"
    verdicts = [(d.field, d.value, d.verdict, d.corrected, d.note) for d in load(page.saved(downloads))]
    assert verdicts == [
        ("age_years", 46, "accept", None, ""),
        ("age_years", 49, "reject", None, ""),
        ("sex", "female", "note", None, "only in the abstract"),
        ("follow_up_months", 12, "correct", 14.5, ""),
    ]


def test_buttons_do_what_keys_do(page: Page) -> None:
    def press(key: str) -> None:
        page.one(f'[data-verdict="{key}"]').click()

    page.value("Case 1", "sex").click()
    press("a")
    assert page.selected() == "leiomyosarcoma"
    press("r")
    press("u")
    assert page.selected() == "leiomyosarcoma"
    assert page.text("#detail") == "1 accepted · 0 corrected · 0 rejected · 0 not stated"
    press("c")
    assert page.one("#form input").get_attribute("value") == "leiomyosarcoma"


def test_arrows_move_between_values_and_rows(page: Page) -> None:
    page.value("a 61-year-old man", "age").click()
    page.keys(Keys.ARROW_RIGHT)
    assert page.selected() == "male"
    page.keys(Keys.ARROW_DOWN)
    assert page.selected() == "women: 14 of 24"
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_LEFT)
    assert page.selected() == "61"
    page.keys("?")
    assert page.one("#help").is_displayed()
    page.keys(Keys.ESCAPE)
    assert not page.one("#help").is_displayed()
    page.keys(Keys.ESCAPE)
    assert not page.one("#pane").is_displayed()


def test_an_empty_cell_is_not_found_until_somebody_has_looked(page: Page, downloads: Path) -> None:
    cell = page.value("Pine et al., 2020", "primary")
    assert cell.text == "not found"
    cell.click()
    assert "does not mean the paper is silent" in page.text("#card")
    page.keys("s")
    assert page.value("Pine et al., 2020", "primary").text.startswith("not stated")
    made = [(d.case, d.field, d.value, d.verdict) for d in load(page.saved(downloads))]
    assert made == [(2, "diagnosis", None, "not stated"), (2, "primary_site", None, "not stated")]


def test_a_missed_value_is_added_with_its_words(page: Page, downloads: Path) -> None:
    page.value("Case 1", "primary").click()
    page.value("Pine et al., 2020", "presentation").click()
    page.keys("c")
    assert "First select the words" in page.text("#form")
    page.run("document.getElementById('paper').scrollTop = 0")
    place = page.run(
        "const text = document.getElementById('text').firstChild;"
        "const range = document.createRange(); const at = text.data.indexOf('docetaxel');"
        "range.setStart(text, at + 2); range.setEnd(text, at + 4);"
        "range.startContainer.parentElement.scrollIntoView();"
        "const box = range.getBoundingClientRect();"
        "return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)]"
    )
    pointer = ActionChains(page.browser).w3c_actions
    pointer.pointer_action.move_to_location(*place).double_click()
    pointer.perform()
    page.keys("c")
    page.one("#form input").send_keys("pain", Keys.ENTER)
    assert page.value("Pine et al., 2020", "presentation").text.startswith("pain")
    (found,) = load(page.saved(downloads))
    assert (found.field, found.value, found.corrected) == ("presentation", None, "pain")
    assert FIRST[found.start : found.end] == "docetaxel"


def test_saved_decisions_come_back_and_are_saved_again(
    page: Page, downloads: Path, tmp_path: Path, browser: webdriver.Chrome
) -> None:
    page.one("#reviewer").send_keys("A. Reviewer")
    page.value("Case 1", "follow_up").click()
    page.keys("c")
    page.keys("14", Keys.ENTER)
    page.value("Case 1", "radiotherapy", 1).click()
    page.keys("r")
    page.value("group:", "age").click()
    page.keys("a")
    decided = load(page.saved(downloads))
    done = write(tmp_path / "again", decided=decided)
    assert (done.decided, done.unmatched) == (3, 0)
    again = Page(browser, tmp_path / "again")
    assert again.value("Case 1", "follow_up").text.startswith("14")
    assert "docetaxel" not in again.row("Case 1").text
    assert again.text("#counts") == "2 of 44 reviewed"
    again.value("Case 1", "follow_up").click()
    assert "Corrected by A. Reviewer" in again.text("#card")
    again.keys("a")
    assert {d.model_dump_json() for d in load(again.saved(downloads))} == {
        d.model_dump_json() for d in decided
    }


def test_a_value_that_was_not_chosen_can_be(page: Page, downloads: Path, tmp_path: Path) -> None:
    page.value("Case 1", "site").click()
    page.one("#card summary").click()
    page.one("#card .others .v").click()
    assert page.marked("q1") == ["C4"]
    assert "not chosen for the table" in page.text("#card")
    page.keys("a")
    assert page.text("#counts") == "0 of 45 reviewed"
    (decision,) = load(page.saved(downloads))
    assert (decision.field, decision.value, decision.verdict) == ("levels", "C4", "accept")
    write(tmp_path / "again", decided=[decision])
    again = Page(page.browser, tmp_path / "again")
    assert "C5, C6, C4✓" in again.row("Case 1").text


def test_rows_are_sorted_and_filtered(page: Page) -> None:
    def ages() -> list[str]:
        return [c.text.split("\n")[0] for c in page.all("#rows td.col-age")]

    page.one('th[data-key="age"] button').click()
    assert page.one('th[data-key="age"]').get_attribute("aria-sort") == "ascending"
    assert ages() == ["≠46 / 49", "age: median 58 (31–80) years", "61", "61"]
    page.one('th[data-key="age"] button').click()
    assert ages() == ["61", "61", "age: median 58 (31–80) years", "≠46 / 49"]
    page.one("#search").send_keys("docetaxel 49")
    assert [r.find_element(By.CSS_SELECTOR, ".study").text for r in page.all("#rows tr")] == [
        "Adler and Birch 2031"
    ]
    page.one("#search").send_keys(" nowhere")
    assert page.one("#none").is_displayed()


def test_filters_by_kind_primary_and_region(page: Page) -> None:
    def choose(name: str, value: str) -> int:
        page.one(f'#{name} option[value="{value}"]').click()
        return len(page.all("#rows tr"))

    assert choose("kind", "cited") == 1
    assert choose("kind", "") == 4
    assert choose("primary", "leiomyosarcoma") == 1
    assert choose("primary", "") == 4
    assert choose("region", "thoracic") == 1


def test_a_group_leads_to_its_statements(page: Page) -> None:
    page.row("group:").find_element(By.CSS_SELECTOR, ".expand").click()
    assert len(page.all("#statement-rows tr")) == 4
    assert page.text("#only-whose") == "Pine et al. 2020, 24 patients with spinal metastases"
    page.one("#only-all").click()
    assert not page.one("#only").is_displayed()


def test_statements_show_their_words(page: Page) -> None:
    page.one("#tab-statements").click()
    next(v for v in page.all("#statement-rows .v") if "overall survival" in v.text).click()
    assert page.marked("q1") == ["Overall survival was 41% at 12 months"]
    page.keys("a")
    assert page.text("#counts") == "1 of 45 reviewed"


def test_figures_and_sources_are_there(page: Page) -> None:
    page.one("#tab-figures").click()
    assert [f.is_displayed() for f in page.all("#view-figures > figure > svg")] == [True] * 4
    assert page.run("return document.body.scrollWidth <= window.innerWidth")
    page.one("#tab-sources").click()
    assert "never replaces it" in page.text("#view-sources")


@pytest.mark.parametrize("width", [1280, 1920])
def test_the_page_fits_its_window(page: Page, width: int) -> None:
    page.browser.set_window_size(width, 900)
    page.value("Case 1", "status").click()
    assert page.run("return document.documentElement.scrollWidth <= window.innerWidth")
    selected = page.one("#rows .v.selected").rect
    assert selected["x"] + selected["width"] <= page.one("#pane").rect["x"]
    page.browser.set_window_size(1440, 1000)


def many(count: int) -> Gathered:
    """Invented papers of one patient each."""
    papers = []
    for n in range(count):
        text = f"Invented. A {20 + n % 60}-year-old man had a metastasis of T{1 + n % 12}."
        paper = Paper(id=f"p{n:04}", source=f"p{n}.txt", text=text, authors=(f"Fir{n:04} F",), year=2031)
        claims = (
            claim(paper, "age_years", 20 + n % 60, f"{20 + n % 60}-year-old"),
            claim(paper, "levels", f"T{1 + n % 12}", f"T{1 + n % 12}"),
        )
        papers.append((paper, Reading(cases=(Case(case=1, label="", claims=claims),))))
    return Gathered(papers=papers)


def timed(action: Callable[[], object]) -> float:
    start = time.monotonic()
    action()
    return time.monotonic() - start


def test_thousands_of_cases_stay_usable(browser: webdriver.Chrome, tmp_path: Path) -> None:
    compose(many(2000), tmp_path)
    page = Page(browser, tmp_path)
    assert page.text("#range") == "1–100 of 2000"
    assert len(page.all("#rows tr")) == 100
    page.run("document.querySelector('#rows tr:last-child td.col-site .v').click()")
    assert timed(lambda: page.keys("a")) < 5
    assert page.text("#range") == "101–200 of 2000"
    assert page.selected() == "60"
    page.one("#search").send_keys("fir1999")
    assert len(page.all("#rows tr")) == 1
    assert json.loads(page.run("return JSON.stringify(S.total)")) == 4000
