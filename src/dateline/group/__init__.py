"""Find copies and stories: sign each text, then decide for a batch with what is known.

Article ─sign─► Signature ─group_batch, with what the store knows─► Grouping
"""

from dateline.group.batch import Known, KnownText, group_batch
from dateline.group.copies import Signed
from dateline.group.lines import cluster_lines
from dateline.group.signatures import Signature, sign

__all__ = ["Known", "KnownText", "Signature", "Signed", "cluster_lines", "group_batch", "sign"]
