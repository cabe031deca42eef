"""What a paper says of groups: counts, shares, means, medians, rates, ratios, p values."""

from spondyl.extract.series.reading import statements

__all__ = ["statements"]
