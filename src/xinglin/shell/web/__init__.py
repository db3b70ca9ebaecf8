"""What a view needs: who is asking, may they, run the act, say it was done."""

from .done import Outcome, done, perform
from .doors import allow, require_role, signed_in

__all__ = ["Outcome", "allow", "done", "perform", "require_role", "signed_in"]
