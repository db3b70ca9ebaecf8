"""Forms of the house: errors beside the field, nothing lost, nothing done twice."""

from .choose import Choose, ChooseMany
from .fields import DateField, MoneyField, NumberField, Upload
from .form import Form, Group
from .widgets import DateInput, NumberInput

__all__ = ["Choose", "ChooseMany", "DateField", "DateInput", "Form", "Group", "MoneyField", "NumberField",
           "NumberInput", "Upload"]
