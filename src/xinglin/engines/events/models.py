"""All tables of events, gathered for Django."""

from .meetings import Approval, BudgetLine, Check, Event, Partner
from .offers import Offer, OfferDraft, Option, Price, RegistrationForm, Ticket, Voucher
from .orders import Order, OrderLine, Payment, Refund
from .programme import Room, Session, Speaking
from .registrations import Chosen, Draft, Registration
from .series import Series

__all__ = ["Approval", "BudgetLine", "Check", "Chosen", "Draft", "Event", "Offer", "OfferDraft", "Option", "Order",
           "OrderLine", "Partner", "Payment", "Price", "Refund", "Registration", "RegistrationForm", "Room", "Series",
           "Session", "Speaking", "Ticket", "Voucher"]
