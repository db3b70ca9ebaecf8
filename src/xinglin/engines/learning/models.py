"""All tables of learning, gathered for Django."""

from .certificates import Certificate, Openness
from .credits import Attendance, Award, Bar, Claim, Duty, Refused, TestResult
from .projects import Batch, Project, Session, Step, Teacher

__all__ = ["Attendance", "Award", "Bar", "Batch", "Certificate", "Claim", "Duty", "Openness", "Project", "Refused",
           "Session", "Step", "Teacher", "TestResult"]
