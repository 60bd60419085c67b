"""The working day: what there is to do, what was asked, and how the day ends.

In: the projects of a person, or a team's stores by URL. Out: `Today` (one screen over all of them), to-dos,
requests, the page for the next meeting, the journal.
"""

from modelwright.workday.item import Item, Urgency
from modelwright.workday.morning import Today, today
from modelwright.workday.noting import noted_visit
from modelwright.workday.pages import render_today, write_today
from modelwright.workday.registry import Known, Registry, Visit, without_passwords
from modelwright.workday.todos import Imported, Todos

__all__ = [
    "Imported",
    "Item",
    "Known",
    "Registry",
    "Today",
    "Todos",
    "Urgency",
    "Visit",
    "noted_visit",
    "render_today",
    "today",
    "without_passwords",
    "write_today",
]
