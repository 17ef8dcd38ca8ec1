"""Offer what all loading modules share: clean strings, COPY, and batches in which one bad record costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, overload

from psycopg import Connection as DriverConnection
from psycopg import errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from dateline.errors import LoadError
from dateline.text import storable

T = TypeVar("T")
R = TypeVar("R")

# What the record itself can be blamed for; a lost connection, a deadlock or a missing table is never its fault.
_OWN_FAULTS = (errors.DataError, errors.IntegrityError, errors.ProgramLimitExceeded, errors.StatementTooComplex)
_OWN_VALUES = (UnicodeError, OverflowError)  # found while a value was made ready: a day that no zone can hold


@overload
def clean(value: str) -> str: ...
@overload
def clean(value: None) -> None: ...
def clean(value: str | None) -> str | None:
    """Return `value` as Postgres can hold it."""
    return None if value is None else storable(value)


def clean_all(values: Iterable[str]) -> list[str]:
    """Return `values` as Postgres can hold them."""
    return [storable(value) for value in values]


def clean_json(value: Any) -> Any:
    """Return JSON values as Postgres can hold them."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): clean_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(item) for item in value]
    return value


def driver(conn: Connection) -> DriverConnection[Any]:
    """Return the psycopg connection below, in the same transaction."""
    below = conn.connection.driver_connection
    assert isinstance(below, DriverConnection)
    return below


def copy_rows(conn: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY `rows` into `table`. Table and columns are ours, never input."""
    statement = f"copy {table} ({', '.join(columns)}) from stdin"
    with driver(conn).cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def saved_or_rejected(
    conn: Connection,
    items: Sequence[T],
    save: Callable[[Sequence[T]], Sequence[R]],
    reject: Callable[[T, LoadError], None],
) -> list[R | None]:
    """Save a batch at once. Where that fails on a record's account, halve it until the bad records stand alone.

    `save` answers one result an item, in order; the answer for a rejected item is None. Each try is a savepoint, so that a
    failure leaves nothing behind. Anything that is no record's fault is raised.
    """
    if not items:
        return []
    try:
        with conn.begin_nested():
            return list(save(items))
    except (LoadError, DBAPIError, errors.Error, *_OWN_VALUES) as error:
        fault = own_fault(error)
        if fault is None:
            raise
        if len(items) == 1:
            reject(items[0], fault)
            return [None]
    half = len(items) // 2
    return [
        *saved_or_rejected(conn, items[:half], save, reject),
        *saved_or_rejected(conn, items[half:], save, reject),
    ]


def own_fault(error: Exception) -> LoadError | None:
    """Return the fault as a LoadError where a record is to blame, else None."""
    if isinstance(error, LoadError):
        return error
    below = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(below, (*_OWN_FAULTS, *_OWN_VALUES)):
        return LoadError(f"{type(below).__name__}: {(str(below).splitlines() or [''])[0]}")
    return None
