"""Send many numbers to Postgres at once, and take many rows back: adapting fifty thousand one by one takes too long."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, LiteralString

import numpy as np
from numpy.typing import NDArray
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format
from sqlalchemy import Connection

from dateline.store.rows import driver

_INT8, _INT8_ARRAY = 20, 1016  # Postgres's numbers of the types
_ARRAY_HEAD = np.dtype([("dimensions", ">i4"), ("nulls", ">i4"), ("type", ">i4"), ("length", ">i4"), ("first", ">i4")])
_ARRAY_ITEM = np.dtype([("size", ">i4"), ("value", ">i8")])


class Numbers:
    """Be an array of bigints that is sent as it lies in memory."""

    def __init__(self, values: NDArray[Any]) -> None:
        self.values = values


class NumbersDumper(Dumper):
    """Write `Numbers` as Postgres reads arrays."""

    format = Format.BINARY
    oid = _INT8_ARRAY

    def dump(self, obj: Numbers) -> Buffer:
        """Return the array in Postgres's binary format."""
        items = np.empty(len(obj.values), dtype=_ARRAY_ITEM)
        items["size"], items["value"] = 8, obj.values.astype(np.int64)
        head = np.array((1, 0, _INT8, len(obj.values), 1), dtype=_ARRAY_HEAD)
        return head.tobytes() + items.tobytes()


def fetch(conn: Connection, statement: LiteralString, *arrays: NDArray[Any]) -> list[Any]:
    """Return the rows that a statement finds for arrays of numbers, each of which it takes as `%b`. None where all are empty."""
    if not any(map(len, arrays)):
        return []
    with driver(conn).cursor(binary=True) as cursor:
        cursor.adapters.register_dumper(Numbers, NumbersDumper)
        return cursor.execute(statement, list(map(Numbers, arrays))).fetchall()


def change(conn: Connection, statement: LiteralString, *arrays: NDArray[Any]) -> None:
    """Have a statement change what arrays of numbers say."""
    if any(map(len, arrays)):
        with driver(conn).cursor() as cursor:
            cursor.adapters.register_dumper(Numbers, NumbersDumper)
            cursor.execute(statement, list(map(Numbers, arrays)))


def sorted_numbers(ids: Collection[int]) -> NDArray[np.int64]:
    """Return numbers as an array, in order."""
    return np.sort(np.fromiter(ids, dtype=np.int64, count=len(ids)))
