"""All tables of membership, gathered for Django."""

from .applications import Application, Batch, Draft, Recommendation, Step
from .certificates import Appeal, Certificate, Choice, Segment
from .fees import Allocation, Bundle, Charge, FeeLine, Payment, Receipt, Run, Schedule, Statement
from .members import Affiliation, Coverage, Member, Spell, TierSpan
from .tiers import Entitlement, Tier

__all__ = [
    "Affiliation", "Allocation", "Appeal", "Application", "Batch", "Bundle", "Certificate", "Charge", "Choice",
    "Coverage", "Draft", "Entitlement", "FeeLine", "Member", "Payment", "Receipt", "Recommendation", "Run", "Schedule",
    "Segment", "Spell", "Statement", "Step", "Tier", "TierSpan"]
