"""The result of intraoperative monitoring, written: report, alarms, figure, case record."""

from __future__ import annotations

import json
from pathlib import Path

from spondyl import monitor
from spondyl.consult.lines import dumps, line
from spondyl.present.monitoring import figure_png, figure_svg, page
from spondyl.record import Reading
from spondyl.record.monitoring import NOT_A_DEVICE, Monitoring

__all__ = ["monitoring"]


def monitoring(found: Monitoring, out: Path) -> tuple[Path, ...]:
    """Write what monitoring gave into a folder, which is made if absent.

    Args:
        found: The result of `spondyl.monitor.alarms`.
        out: The folder.

    Returns:
        The files: report.html, alarms.json, figure.svg, figure.png, case.jsonl and case.txt.

    Example:
        >>> import tempfile
        >>> found = monitor.alarms({"time_min": [0, 5, 10, 40, 48], "MEP left TA (uV)": [400, 410, 390, 0, 380]})
        >>> with tempfile.TemporaryDirectory() as place:
        ...     [path.name for path in monitoring(found, Path(place))]
        ['report.html', 'alarms.json', 'figure.svg', 'figure.png', 'case.jsonl', 'case.txt']
    """
    paper, case = monitor.case(found)
    record = line(paper, Reading(cases=(case,))) | {"notice": NOT_A_DEVICE}
    files = {
        "report.html": page(found).encode(),
        "alarms.json": (
            json.dumps(found.as_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        ).encode(),
        "figure.svg": f'<?xml version="1.0" encoding="UTF-8"?>\n{figure_svg(found)}\n'.encode(),
        "figure.png": figure_png(found),
        "case.jsonl": (dumps(record) + "\n").encode(),
        "case.txt": paper.text.encode(),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)
    return tuple(out / name for name in files)
