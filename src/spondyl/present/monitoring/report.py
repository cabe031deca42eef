"""The report of an operation's monitoring: one HTML file that needs nothing but a browser."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spondyl.present.monitoring.layout import duration
from spondyl.present.monitoring.vector import figure_svg
from spondyl.record.monitoring import NOT_A_DEVICE, Alarm, Monitoring

__all__ = ["page"]

MOST_ALARMS = 500
STATES = {
    "drop_le50": "fallen, by 50 % or less",
    "drop_gt50_or_lost": "fallen by more than 50 %, or lost",
    "not_monitorable": "not monitorable",
}


def page(monitoring: Monitoring) -> str:
    """The report.

    Args:
        monitoring: What it shows.

    Returns:
        HTML with style and drawing inside, without script; the same result gives the same bytes.
    """
    style = _style()
    return _environment().get_template("monitoring.html").render(
        m=monitoring, notice=NOT_A_DEVICE, style=Markup(style), style_hash=Markup(_hash(style)),
        svg=figure_svg(monitoring), shown=monitoring.alarms[:MOST_ALARMS], duration=duration, how_much=how_much,
        alarmed=len({a.channel for a in monitoring.alarms}), back=sum(a.came_back for a in monitoring.alarms),
        state=_state,
        cell_sources=list(dict.fromkeys(s for r in monitoring.readings for s in r.sources)),
    )  # fmt: skip


def how_much(alarm: Alarm) -> str:
    """What changed by how much, against what.

    Example:
        >>> from types import SimpleNamespace
        >>> how_much(SimpleNamespace(worst=410, value_unit="V", baseline=300, unit="V", change=110))
        '410 V against 300 V (110 V)'
    """
    change = f"{alarm.change:.3g} {alarm.unit}"
    return f"{alarm.worst:.4g} {alarm.value_unit} against {alarm.baseline:.4g} {alarm.value_unit} ({change})"


def _state(name: str) -> str:
    return STATES.get(name, name.replace("_", " "))


@cache
def _style() -> str:
    return resources.files("spondyl.present").joinpath("web", "monitoring.css").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("spondyl.present"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
