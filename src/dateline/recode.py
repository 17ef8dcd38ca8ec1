"""Code stored texts again with the coder of today, and say what changes before it counts.

    texts ─annotate─► new codings, beside the ones that count ─compare─► gained, lost, changed ─promote─► events

Nothing is fetched or extracted, and what the statistical model read before is not read again: the rules are. A run that was ended goes on where it stopped, because texts that already have a coding by
these versions are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields

from dateline.annotate.coding import annotate_texts
from dateline.annotate.parses import Parse, model_name
from dateline.errors import AnnotateError
from dateline.pipeline import ANNOTATE_BATCH, resolve, text_input
from dateline.store import articles, codings, parses, recoding, rejects
from dateline.store.recoding import Choice, CodedMention
from dateline.tools import Tools
from dateline.types import Rejected, Ticket

COMPARED = tuple(
    field.name
    for field in fields(CodedMention)
    if field.name not in ("mention_key", "text_id", "sentence_text", "trigger_start", "trigger_end", "trigger_text")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Be one mention that both codings have, read differently."""

    before: CodedMention
    after: CodedMention

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the parts that differ."""
        return tuple(name for name in COMPARED if getattr(self.before, name) != getattr(self.after, name))


@dataclass(slots=True, kw_only=True)
class RecodeReport:
    """Say what a new coding changes: mentions gained, lost, and read differently."""

    texts: int = 0  # coded again in this run
    failed: int = 0
    same: int = 0
    promoted: int = 0  # texts whose new coding counts now
    gained: list[CodedMention] = field(default_factory=list)
    lost: list[CodedMention] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)


def recode(
    tools: Tools,
    choice: Choice,
    *,
    promote: bool = False,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> RecodeReport:
    """Code the chosen texts again and compare. With `promote`, the new codings count from now on, and events follow.

    `tell` hears how many texts of how many are done.
    """
    report = RecodeReport()
    versions = tools.versions()
    with tools.engine.begin() as conn:
        ids = recoding.uncoded_texts(conn, choice, versions)
    for at in range(0, len(ids), ANNOTATE_BATCH):
        _code(tools, ids[at : at + ANNOTATE_BATCH], report)
        tell(min(at + ANNOTATE_BATCH, len(ids)), len(ids))
    with tools.engine.begin() as conn:
        for before, after in recoding.mention_pairs(conn, choice, versions):
            compare(before, after, report)
        if promote:
            report.promoted = recoding.promote_new(conn, choice, versions)
    if report.promoted:
        resolve(tools)
    return report


def _code(tools: Tools, ids: Sequence[int], report: RecodeReport) -> None:
    tickets = [Ticket(id=0, url="", state="done", text_id=text_id) for text_id in ids]
    with tools.engine.begin() as conn:
        asked = [text_input(ticket, article) for ticket, article in articles.load_texts(conn, tickets)]
        known = parses.load_known(conn, ids, model_name(tools.nlp()))
    new: dict[str, Parse] = {}
    read = list(annotate_texts(tools.nlp(), asked, known=known, keep=new.__setitem__))
    coded = [(int(item.id), answer) for item, answer in read if not isinstance(answer, AnnotateError)]
    with tools.engine.begin() as conn:
        parses.save_parses(conn, new)
        codings.save_codings(conn, coded, tools.versions(), activate=False)
        for item, answer in read:
            if isinstance(answer, AnnotateError):
                fault = Rejected(stage="annotate", code=answer.code, message=answer.message, text_id=int(item.id))
                rejects.record(conn, fault, now=tools.now())
    report.texts += len(coded)
    report.failed += len(read) - len(coded)


def compare(before: Iterable[CodedMention], after: Iterable[CodedMention], report: RecodeReport) -> None:
    """Pair the mentions of two codings: by key, then by triggers that touch; what is left was lost or gained."""
    waiting: dict[int, list[CodedMention]] = defaultdict(list)
    for mention in after:
        waiting[mention.text_id].append(mention)
    rest: list[CodedMention] = []
    for old in before:
        same = next((new for new in waiting[old.text_id] if new.mention_key == old.mention_key), None)
        if same is None:
            rest.append(old)
        else:
            _pair(old, same, waiting, report)
    for old in rest:
        near = next((new for new in waiting[old.text_id] if _touch(old, new)), None)
        if near is None:
            report.lost.append(old)
        else:
            _pair(old, near, waiting, report)
    report.gained.extend(mention for mentions in waiting.values() for mention in mentions)


def _pair(old: CodedMention, new: CodedMention, waiting: dict[int, list[CodedMention]], report: RecodeReport) -> None:
    waiting[old.text_id].remove(new)
    change = Change(before=old, after=new)
    if change.parts:
        report.changed.append(change)
    else:
        report.same += 1


def _touch(one: CodedMention, other: CodedMention) -> bool:
    return one.trigger_start < other.trigger_end and other.trigger_start < one.trigger_end
