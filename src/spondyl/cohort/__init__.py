"""Survival of a cohort: table → counts → curves, tests, models.

The estimators load when they are first asked for.
"""
