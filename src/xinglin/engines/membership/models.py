"""All tables of membership, gathered for Django."""

from .applications import Application, Batch, Draft, Form, Recommendation, Step
from .certificates import Appeal, Certificate, Choice, JoinRequest, LapseNotice
from .fees import Allocation, Bundle, Charge, FeeLine, Payment, Receipt, Run, Schedule
from .members import Affiliation, Coverage, Member, Spell, TierSpan
from .tiers import Entitlement, Tier

__all__ = [
    "Affiliation", "Allocation", "Appeal", "Application", "Batch", "Bundle", "Certificate", "Charge", "Choice",
    "Coverage", "Draft", "Entitlement", "FeeLine", "Form", "JoinRequest", "LapseNotice", "Member", "Payment", "Receipt",
    "Recommendation", "Run", "Schedule", "Spell", "Step", "Tier", "TierSpan"]
