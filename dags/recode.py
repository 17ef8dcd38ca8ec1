"""
### Code the archive again

Codes stored texts with the coder of today, **beside** the codings that count, and logs what would change: event mentions
gained, lost and read differently, each with its sentence. Nothing is fetched, and nothing that counts is touched until you
run it with **Promote** switched on; then the new codings count, and events follow. Human decisions survive.

Start it by hand, for all texts or for those of some days or one source. A run that was ended goes on where it stopped.
`dateline recode` does the same in a shell.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task

from dateline.airflow.assets import EVENTS
from dateline.airflow.defaults import BY_HAND

DAY = ["null", "string"]
FORM = {
    "since": Param(None, type=DAY, format="date", title="From", description="First publication day."),
    "until": Param(None, type=DAY, format="date", title="To", description="Last publication day."),
    "source": Param(None, type=["null", "integer"], title="Source", description="Number of a source; empty: all."),
    "promote": Param(False, type="boolean", title="Promote", description="Let the new codings count."),
}


@task(outlets=[EVENTS])
def code_again(params: dict[str, Any] | None = None) -> dict[str, int]:
    """Code the chosen texts, compare, and promote if asked."""
    from dateline.airflow.stages import code_again

    return code_again(params or {})


@dag(schedule=None, params=FORM, doc_md=__doc__, **BY_HAND)
def recode() -> None:
    """Code again what is chosen."""
    code_again()


recode()
