"""Evoked potentials of an operation → alarms, each with its rule, its baseline and what it followed.

Not a medical device: for case reports, teaching and research after the operation.
"""

from spondyl.monitor.claims import case, recorded
from spondyl.monitor.events import Events, event
from spondyl.monitor.opening import Given
from spondyl.monitor.series import Channel, Recording
from spondyl.monitor.verdict import alarms, recording

__all__ = ["Channel", "Events", "Given", "Recording", "alarms", "case", "event", "recorded", "recording"]
