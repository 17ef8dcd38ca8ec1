"""
### From the frontier to events

Takes every URL that waits on the frontier all the way: **fetch** the page politely and store it raw, **extract** the
article's own text, **group** copies and stories, **annotate** (who did what to whom, where, when, and who says so),
**resolve** the mentions of one happening into one event. It then says so on the Asset `dateline://events`.

It runs when `discover` found something, when a file is put into the inbox (`.dateline/inbox`), on `NOTIFY dateline_frontier`,
and by hand. It drains tables: whatever woke it, it takes all that waits, and running it twice changes nothing. A page that
fails ends as a row in `dateline.rejects` with the reason, and never stops the others.

Up to 200 texts are read in one task; more are shared among mapped tasks, all but the grouping, which must see all copies.
"""

from __future__ import annotations

from airflow.sdk import TriggerRule, dag, task

from dateline.airflow.assets import EVENTS, FRONTIER, INBOX, NOTIFIED
from dateline.airflow.defaults import DEFAULTS, START


@task
def plan() -> list[int]:
    """Take what lies in the inbox, and count the shards that fetching is worth."""
    from dateline.airflow.stages import shards, take_inbox

    take_inbox()
    return shards(["queued"])


@task
def fetch(shard: int) -> dict[str, int]:  # noqa: ARG001 (numbers the mapped task; the tables say what is in it)
    """Fetch pages until none waits."""
    from dateline import pipeline
    from dateline.airflow.stages import run

    return run(pipeline.fetch)


@task.branch(trigger_rule=TriggerRule.NONE_FAILED)
def few_or_many() -> str:
    """Choose one task for few texts, and mapped tasks for many."""
    from dateline.airflow.stages import are_few

    return "read" if are_few() else "plan_extract"


@task
def read() -> dict[str, int]:
    """Extract, group and annotate few texts in one go."""
    from dateline.airflow.stages import read_few, run

    return run(read_few)


@task
def plan_extract() -> list[int]:
    """Count the shards that extraction is worth."""
    from dateline.airflow.stages import shards

    return shards(["fetched"])


@task
def extract(shard: int) -> dict[str, int]:  # noqa: ARG001 (numbers the mapped task; the tables say what is in it)
    """Read the articles on stored pages."""
    from dateline import pipeline
    from dateline.airflow.stages import run

    return run(pipeline.extract)


@task(trigger_rule=TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS)
def group() -> dict[str, int]:
    """Find copies and stories; one at a time."""
    from dateline import pipeline
    from dateline.airflow.stages import run

    return run(pipeline.group)


@task
def plan_annotate() -> list[int]:
    """Count the shards that annotation is worth."""
    from dateline.airflow.stages import shards

    return shards(["grouped"])


@task
def annotate(shard: int) -> dict[str, int]:  # noqa: ARG001 (numbers the mapped task; the tables say what is in it)
    """Code texts."""
    from dateline import pipeline
    from dateline.airflow.stages import run

    return run(pipeline.annotate)


@task(trigger_rule=TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS, outlets=[EVENTS])
def resolve() -> dict[str, int]:
    """Join the mentions of one happening into one event."""
    from dateline import pipeline
    from dateline.airflow.stages import run

    return run(pipeline.resolve)


@dag(
    schedule=(FRONTIER | INBOX | NOTIFIED),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["dateline"],
)
def ingest() -> None:
    """Drain the frontier."""
    choice = few_or_many()
    fetch.expand(shard=plan()) >> choice
    one, many = read(), plan_extract()
    choice >> [one, many]
    grouped = group()
    extract.expand(shard=many) >> grouped
    planned = plan_annotate()
    grouped >> planned
    coded = annotate.expand(shard=planned)
    [one, coded] >> resolve()


ingest()
