"""The working day: what there is to do, what was asked, and how the day ends.

In: the projects of a person, or a team's stores by URL. Out: `Today` (one screen over all of them), to-dos,
requests, the page for the next meeting, the journal.
"""

from modelwright.workday.asked import Proposal, Requests
from modelwright.workday.item import Item, Urgency
from modelwright.workday.journal import Found, journals, newest_journal, search_journal
from modelwright.workday.meeting import Meeting
from modelwright.workday.morning import Today, today
from modelwright.workday.noting import noted_visit
from modelwright.workday.oncall import Incidents, OnCall, Safe
from modelwright.workday.pages import render_today, write_today
from modelwright.workday.registry import Known, Registry, Visit, without_passwords
from modelwright.workday.todos import Imported, Todos
from modelwright.workday.updating import Updated, write_update
from modelwright.workday.wrapping import Wrapped, wrap

__all__ = [
    "Found",
    "Imported",
    "Incidents",
    "Item",
    "Known",
    "Meeting",
    "OnCall",
    "Proposal",
    "Registry",
    "Requests",
    "Safe",
    "Today",
    "Todos",
    "Updated",
    "Urgency",
    "Visit",
    "Wrapped",
    "journals",
    "newest_journal",
    "noted_visit",
    "render_today",
    "search_journal",
    "today",
    "without_passwords",
    "wrap",
    "write_today",
    "write_update",
]
