"""All tables of plans, gathered for Django."""

from .appraisal import Quality
from .commitments import Change, Commitment, Milestone, Partner
from .documents import Document, Plan
from .drafts import ReportDraft, SummaryCheck
from .measures import Measure, Reach, Tally, TallyKey
from .running import ChangeRequest, Comment, Evidence, Supervision

__all__ = [
    "Change",
    "ChangeRequest",
    "Comment",
    "Commitment",
    "Document",
    "Evidence",
    "Measure",
    "Milestone",
    "Partner",
    "Plan",
    "Quality",
    "Reach",
    "ReportDraft",
    "SummaryCheck",
    "Supervision",
    "Tally",
    "TallyKey",
]
