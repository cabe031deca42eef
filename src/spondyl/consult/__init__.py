"""Composes the stages: papers in, evidence report out."""

from spondyl.consult.lines import dumps, line

__all__ = ["dumps", "line"]
