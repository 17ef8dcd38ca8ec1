"""Describe all tables and views in Markdown, from their COMMENTs: docs/tables.md is made so."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, text

HEAD = """# Tables and views

Made by `dateline db tables` from the comments in the database, which `\\d+` shows as well. All names are in the schema
`dateline`. Analysts read views; a role `dateline_reader` sees nothing else. Default views show what happened: asserted,
not negated, not historical. Offsets are characters (code points) from 0, half open; in SQL `substr(text, start + 1, end - start)`.
"""

_RELATIONS = text("""
    select c.oid, c.relname as name, c.relkind in ('v', 'm') as is_view, obj_description(c.oid, 'pg_class') as comment
    from pg_class c
    where c.relnamespace = to_regnamespace('dateline') and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
    order by is_view desc, name
""")
_COLUMNS = text("""
    select a.attrelid as oid, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as needed,
        col_description(a.attrelid, a.attnum) as comment
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = to_regnamespace('dateline') and a.attnum > 0 and not a.attisdropped
    order by a.attrelid, a.attnum
""")
SHORT = {
    "timestamp with time zone": "timestamptz",
    "double precision": "float8",
    "character varying(32)": "varchar",
}  # fmt: skip


def describe(conn: Connection) -> str:
    """Return a chapter for the views and one for the tables, a section each."""
    columns = defaultdict(list)
    for column in conn.execute(_COLUMNS):
        columns[column.oid].append(column)
    lines, chapter = [HEAD], None
    for relation in conn.execute(_RELATIONS).all():
        title = "## Views" if relation.is_view else "## Tables"
        if title != chapter:
            chapter = title
            lines += [title, ""]
        lines += [f"### {relation.name}", _sentence(relation.comment), "", "| column | type | |", "|---|---|---|"]
        for column in columns[relation.oid]:
            kind = SHORT.get(column.type, column.type) + (" not null" if column.needed else "")
            lines.append(f"| `{column.name}` | {kind} | {_cell(column.comment)} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _sentence(comment: str | None) -> str:
    comment = comment or ""
    return comment[:1].upper() + comment[1:] + "."


def _cell(comment: str | None) -> str:
    return (comment or "").replace("|", "\\|")
