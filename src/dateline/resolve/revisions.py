"""Let what a person decided on an article hold for its next revision, where the words stand there too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

# The same sentence with the same trigger and parties, in the text that is current now.
_CARRIED = text("""
    select distinct on (n.mention_key) n.mention_key, n.text_id, k.event_id, k.decided_who, k.reason
    from dateline.event_members k
    join dateline.texts o on o.text_id = k.text_id and not o.is_current
    join dateline.texts t on t.article_id = o.article_id and t.is_current
    join dateline.event_mentions m on m.mention_key = k.mention_key
    join dateline.codings c on c.text_id = t.text_id and c.is_active
    join dateline.event_mentions n on n.coding_id = c.coding_id and n.event_type = m.event_type
        and n.sentence_text = m.sentence_text and n.trigger_start - n.sentence_start = m.trigger_start - m.sentence_start
        and n.source_text is not distinct from m.source_text and n.target_text is not distinct from m.target_text
    where t.text_id = any(:texts) and k.valid_to is null and k.decided_by = 'person'
        and not exists (
            select from dateline.event_members x where x.mention_key = n.mention_key and x.decided_by = 'person')
    order by n.mention_key, k.member_id desc
""")
_END = text("update dateline.event_members set valid_to = :now where mention_key = any(:keys) and valid_to is null")
_PIN = text("""
    insert into dateline.event_members (event_id, mention_key, text_id, valid_from, decided_by, decided_who, reason)
    values (:event_id, :mention_key, :text_id, :now, 'person', :decided_who, :reason)
""")


def carry_decisions(conn: Connection, texts: Sequence[int], now: datetime) -> int:
    """Pin mentions of these texts where a person pinned the same words of an earlier revision; return how many."""
    found = conn.execute(_CARRIED, {"texts": list(texts)}).mappings().all()
    if found:
        conn.execute(_END, {"keys": [row["mention_key"] for row in found], "now": now})
        conn.execute(_PIN, [{**row, "now": now} for row in found])
    return len(found)
