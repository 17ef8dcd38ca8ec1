"""Name every error that Dateline expects.

    DatelineError
    ├── ArticleError            ends one article, which becomes a row in `rejects`; the others go on
    │   ├── DiscoverError       a source could not be read
    │   ├── FetchError          a page could not be had; says whether and when to try again
    │   ├── ExtractError        a page holds no article that we can read
    │   ├── GroupError          an article could not be signed or grouped
    │   ├── AnnotateError       a text could not be coded
    │   └── LoadError           a record could not be stored
    └── UserError               ends the command with one clear line that says what to do
        ├── SettingsError       a setting is missing or wrong
        ├── RulesError          a line of a rule table is wrong; names table and line
        ├── DatabaseError       no database, a wrong one, or one that needs `dateline db upgrade`
        └── StackError          the embedded stack could not start, stop or be found

Anything else is a bug or an outage: it fails the task, and Airflow tries again.
"""

from __future__ import annotations

from datetime import timedelta


class DatelineError(Exception):
    """Be the root of all expected errors; `code` is stable and stands in `rejects` and error lines."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class ArticleError(DatelineError):
    """End one article and leave the others alone."""

    stage = "unknown"


class DiscoverError(ArticleError):
    """Say that a source could not be read."""

    stage = "discover"
    code = "bad_source"


class FetchError(ArticleError):
    """Say that a page could not be had.

    `retry` tells whether another attempt can help, `after` how long the server asked us to wait (None: it did not say).
    """

    stage = "fetch"
    code = "fetch_failed"

    def __init__(
        self, message: str, *, code: str | None = None, retry: bool = False, after: timedelta | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.retry = retry
        self.after = after


class ExtractError(ArticleError):
    """Say that a page holds no article that we can read."""

    stage = "extract"
    code = "no_article"


class GroupError(ArticleError):
    """Say that an article could not be signed or grouped."""

    stage = "group"
    code = "not_grouped"


class AnnotateError(ArticleError):
    """Say that a text could not be coded."""

    stage = "annotate"
    code = "not_annotated"


class LoadError(ArticleError):
    """Say that a record could not be stored."""

    stage = "load"
    code = "not_stored"


class UserError(DatelineError):
    """End the command; the message is one line that says what is wrong and what to do."""


class SettingsError(UserError):
    """Say that a setting is missing or wrong."""

    code = "bad_setting"


class RulesError(UserError):
    """Say which line of which rule table is wrong."""

    code = "bad_rules"

    def __init__(self, message: str, *, table: str, line: int | None = None) -> None:
        where = f"{table}:{line}" if line is not None else table
        super().__init__(f"{where}: {message}")
        self.table = table
        self.line = line


class DatabaseError(UserError):
    """Say that there is no database, or that it is not the one we need."""

    code = "no_database"


class StackError(UserError):
    """Say that the embedded stack could not start, stop or be found."""

    code = "stack"
