"""The drawing and the report of an operation's potentials."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from spondyl import monitor
from spondyl.present.monitoring import figure_png, figure_svg, page
from spondyl.record.monitoring import NOT_A_DEVICE, Monitoring

HOSTILE = '<script>alert(1)</script> & "x" $\\frac$'
TIMES = list(range(0, 121, 5))


def found(name: str = "TA", **more: list[float]) -> Monitoring:
    columns: dict[str, list[object]] = {
        "time_min": list(TIMES), "modality": ["MEP"] * 25, "site": [name] * 25, "side": ["left"] * 25,
        "amplitude_uv": [0.0 if 60 <= t < 70 else 400.0 for t in TIMES],
    }  # fmt: skip
    events = {"time_min": [58, 70], "event": [f"Aspirator on, {HOSTILE}", "Aspirator off"]}
    return monitor.alarms({**columns, **more}, events=events)


def words(svg: str) -> str:
    return " ".join(etree.fromstring(svg.encode()).itertext())


def test_the_drawing_shows_channels_alarms_events_and_what_it_is_not_for() -> None:
    said = words(figure_svg(found()))
    for part in ("left TA", "loss 10 min", "00:58:00", "Aspirator off", "Not monitored", NOT_A_DEVICE):
        assert part in said, part


def test_an_alarm_is_shaded_where_it_stands() -> None:
    root = etree.fromstring(figure_svg(found()).encode())
    shades = [r for r in root.iter("{*}rect") if r.get("fill") == "#f6d3a3"]
    (shade,) = shades
    left, right = 232, 1084
    assert float(shade.get("x")) == pytest.approx(left + (right - left) * 60 / 120, abs=0.1)
    assert float(shade.get("width")) == pytest.approx((right - left) * 10 / 120, abs=0.1)


def test_the_line_is_broken_at_a_gap_and_a_channel_without_baseline_says_so() -> None:
    rows = {"time_min": [*range(20), *range(60, 80)], "MEP left TA (uV)": [400.0] * 40}
    lines = list(etree.fromstring(figure_svg(monitor.alarms(rows)).encode()).iter("{*}polyline"))
    assert len(lines) == 2
    zero = monitor.alarms({"time_min": [0, 5, 10], "MEP left TA (uV)": [0, 0, 0]})
    assert "no usable baseline: not judged" in words(figure_svg(zero))


def test_many_channels_and_many_events_fit() -> None:
    columns = {f"MEP left muscle {k} (uV)": [400.0] * 25 for k in range(32)}
    events = {"time_min": [k % 120 for k in range(60)], "event": [f"Event {k}" for k in range(60)]}
    svg = figure_svg(monitor.alarms({"time_min": TIMES, **columns}, events=events))
    assert "20 more events are not drawn" in words(svg)
    assert float(etree.fromstring(svg.encode()).get("height")) < 2000


def test_text_of_a_recording_is_data() -> None:
    result = found(HOSTILE + "\x00\x1b[2J")
    html = page(result)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    etree.fromstring(figure_svg(result).encode())
    assert figure_png(result, dpi=50).startswith(b"\x89PNG")


def test_a_name_in_another_script_is_drawn_without_a_warning() -> None:
    assert figure_png(found("前脛骨筋"), dpi=50).startswith(b"\x89PNG")


def test_the_page_needs_no_network_and_no_script() -> None:
    html = page(found())
    assert not re.findall(r'(?:src|href)="(?!#)', html)
    assert "default-src 'none'" in html
    assert html.count(NOT_A_DEVICE) >= 3


def test_the_page_gives_each_alarm_with_its_rule_source_event_and_course() -> None:
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(found())))
    for part in (
        "muscle MEP lost", "major, always", "MacDonald DB", "0 µV against 400 µV (100 %)", "2 min before, at 00:58:00",
        "yes, at 01:10:00", "Not monitored: D-wave, SSEP", "no limit was named", "Cannot tell transient from lasting",
        "a choice of Spondyl, not of a publication",
    ):  # fmt: skip
        assert part in said, part


def test_the_same_result_gives_the_same_bytes() -> None:
    one, two = found(), found()
    assert figure_svg(one) == figure_svg(two)
    assert page(one) == page(two)
    assert figure_png(one, dpi=50) == figure_png(two, dpi=50)
