"""Find copies and stories: sign each text, then decide for a batch with what is known.

Article ─sign─► Signature ─find_copies, find_stories, with what the store knows─► Grouping
"""

from dateline.group.batch import Copies, KnownText, Outcome, find_copies, find_stories
from dateline.group.copies import Signed
from dateline.group.lines import cluster_lines
from dateline.group.signatures import Signature, sign

__all__ = [
    "Copies",
    "KnownText",
    "Outcome",
    "Signature",
    "Signed",
    "cluster_lines",
    "find_copies",
    "find_stories",
    "sign",
]
