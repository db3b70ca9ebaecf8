"""All tables of events, gathered for Django."""

from .abstracts import Abstract
from .attendances import Attendance
from .caring import Care
from .doors import Device, DoorDay, DoorScan, Station
from .epidemics import Entry, EntryCheck, RiskList
from .faculty import Invitation
from .healthdays import HealthDayOwner
from .holders import FormerHolder
from .meetings import Approval, BudgetLine, Check, Event, Partner
from .offers import Offer, OfferDraft, Option, Price, RegistrationForm, Ticket, Voucher
from .orders import Order, OrderLine, Payment, Refund
from .programme import Room, Session, Speaking
from .registrations import Chosen, Draft, Registration
from .schedules import Schedule, Star
from .series import Series
from .surveys import SurveyAnswer, SurveyMark

__all__ = ["Abstract", "Approval", "Attendance", "BudgetLine", "Care", "Check", "Chosen", "Device", "DoorDay",
           "DoorScan", "Draft", "Entry", "EntryCheck", "Event", "FormerHolder", "HealthDayOwner", "Invitation",
           "Offer", "OfferDraft", "Option", "Order", "OrderLine", "Partner", "Payment", "Price", "Refund",
           "Registration", "RegistrationForm", "RiskList", "Room", "Schedule", "Series", "Session", "Speaking", "Star",
           "Station", "SurveyAnswer", "SurveyMark", "Ticket", "Voucher"]
