"""Lists: search, conditions in the address, sorting, pages, column choice and export as a fact."""

from .columns import Column
from .filters import Choice, Dates, Filter, Numbers, YesNo
from .second_person import ExportGate, provide_gate
from .segments import Bulk, Segment
from .table import Table

__all__ = ["Bulk", "Choice", "Column", "Dates", "ExportGate", "Filter", "Numbers", "Segment", "Table", "YesNo",
           "provide_gate"]
