"""Keep no more of a source than its text policy allows, once its tickets are done.

full: everything. spans: the sentences that events were read from, and names; no page, no text, no quotations.
none: coded facts, offsets, names of the actor list, title and address; none of the text's words.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from dateline.types import Ticket

# Not while another ticket still has work to do on the same text: the last one to finish clears it.
_TEXTS = """(select f.text_id from dateline.frontier f where f.ticket_id = any(:ids) and f.text_id is not null
    and not exists (select from dateline.frontier o where o.text_id = f.text_id and o.state <> 'done'))"""
_CODINGS = f"(select c.coding_id from dateline.codings c where c.text_id in {_TEXTS})"  # noqa: S608 (all parts are ours)

_SPANS = (
    """update dateline.captures c set body = null from dateline.frontier f
       where f.ticket_id = any(:ids) and c.captured_at = f.captured_at and c.ticket_id = f.ticket_id and c.body is not null""",
    f"delete from dateline.parses where text_id in {_TEXTS}",  # noqa: S608
    f"delete from dateline.text_terms where text_id in {_TEXTS}",  # noqa: S608
    f"update dateline.texts set text = null where text is not null and text_id in {_TEXTS}",  # noqa: S608
    f"update dateline.quotes set text = null where text is not null and coding_id in {_CODINGS}",  # noqa: S608
    f"""update dateline.revisions set captions = '{{}}', standfirst = null, corrected = null where revision_id in
        (select t.revision_id from dateline.texts t where t.text_id in {_TEXTS})""",  # noqa: S608
)
_NONE = (
    f"update dateline.quotes set source_text = null, cue_text = null where coding_id in {_CODINGS}",  # noqa: S608
    f"update dateline.entity_mentions set text = null, name = actor_name where coding_id in {_CODINGS}",  # noqa: S608
    f"update dateline.place_mentions set text = null where coding_id in {_CODINGS}",  # noqa: S608
    f"update dateline.time_mentions set text = null where coding_id in {_CODINGS}",  # noqa: S608
    f"""update dateline.event_mentions set sentence_text = null, trigger_text = null, source_text = null,
        target_text = null, place_text = null, attribution_text = null,
        date_basis = case when date_start is null then date_basis else 'text' end
        where coding_id in {_CODINGS}""",  # noqa: S608
    f"""update dateline.text_signatures set terms = '{{}}' where text_id in {_TEXTS}""",  # noqa: S608
)


def apply(conn: Connection, tickets: Sequence[Ticket]) -> None:
    """Remove what the policies of finished tickets forbid to keep."""
    careful = [ticket.id for ticket in tickets if ticket.text_policy != "full"]
    strict = [ticket.id for ticket in tickets if ticket.text_policy == "none"]
    for ids, statements in ((careful, _SPANS), (strict, _NONE)):
        for statement in statements if ids else ():
            conn.execute(text(statement), {"ids": ids})
