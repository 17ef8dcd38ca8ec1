"""Offer `dateline …`: the same calls as the DAGs, and the filters of FILTERS.md."""

from dateline.cli.app import main

__all__ = ["main"]
