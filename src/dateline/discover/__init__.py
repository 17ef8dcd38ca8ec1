"""Look at sources: one small module a kind, all giving `ArticleRef`s."""

from dateline.discover.look import discover

__all__ = ["discover"]
