"""What stakeholders asked, in their words, and what became of it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from modelwright.errors import ReleaseError, WorkdayError
from modelwright.store import Operations, Request, current_user, write_atomic
from modelwright.workday.item import Item
from modelwright.workday.looking import Outline
from modelwright.workday.opened import Opened, root_of
from modelwright.workday.registry import BRIEF
from modelwright.workday.todos import day, named

EDITED = 0o666
"""Permissions of what people edit and hand on: as their umask says."""


@dataclass(frozen=True)
class Proposal:
    """What accepting a request would change in the brief.

    Attributes
    ----------
    request : Request
    before, after : str
        The brief's text.
    diff : str
        A unified diff; empty where nothing changes.
    """

    request: Request
    before: str
    after: str
    diff: str


class Requests:
    """The requests of one project.

    Parameters
    ----------
    project : str or Path
        Its folder; accepting a request edits the brief there.
    """

    def __init__(self, project: str | Path) -> None:
        self.project = str(project)

    def listed(self) -> list[Request]:
        """List every request, oldest first, answered or not."""
        with Opened(self.project) as operations:
            return operations.requests()

    def add(self, words: str, *, who: str, due: str | None = None) -> Request:
        """Keep what somebody asked.

        Parameters
        ----------
        words : str
            In their words.
        who : str
            Who asked.
        due : str, optional
            A day, such as ``2026-12-01``, ``friday`` or ``2w``.
        """
        if not words.strip() or not who.strip():
            raise WorkdayError("a request needs the words of who asked, and their name")
        when = None if due is None else day(due)
        with Opened(self.project) as operations:
            return operations.add_request(words.strip(), by=current_user(), who=who.strip(), due=when)

    def propose(self, which: str, stated: Sequence[str] = ()) -> Proposal:
        """Say what accepting a request would change in the brief; nothing is changed yet.

        Parameters
        ----------
        which : str
            Six letters, or the whole identifier.
        stated : sequence of str
            Keys to change, such as ``costs.false_negative=500``; none where it asks for work alone.

        Raises
        ------
        BriefError
            If the brief would not be one any more.
        """
        from modelwright.problem import brief_text, edit_brief, stated_keys

        path = root_of(self.project) / BRIEF
        before = brief_text(path)
        after = edit_brief(before, stated_keys(stated), str(path))
        with Opened(self.project) as operations:
            request = _unanswered(operations, which)
        lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
        diff = "".join(difflib.unified_diff(*lines, f"{BRIEF} (now)", f"{BRIEF} (then)", n=1))
        return Proposal(request, before, after, diff)

    def accept(self, proposal: Proposal) -> Request:
        """Take a request on, and edit the brief as was proposed.

        Raises
        ------
        WorkdayError
            If the brief was edited since, or the request is answered.
        """
        from modelwright.problem import brief_text

        path = root_of(self.project) / BRIEF
        if brief_text(path) != proposal.before:
            raise WorkdayError(f"{path} was edited since the diff was shown; accept again to see the new one")
        with Opened(self.project) as operations:
            if proposal.diff:
                write_atomic(path, proposal.after, mode=EDITED)
            operations.accept_request(proposal.request.id, proposal.diff)
            return _find(operations, proposal.request.id)

    def answer(
        self, which: str, *, run: str = "", release: str = "", no: str = "", words: str = ""
    ) -> Request:
        """Answer a request by a run, by a release, or by a reasoned no.

        Parameters
        ----------
        which : str
        run, release : str
            Identifier or its beginning; a run by its name as well.
        no : str
            Why not.
        words : str
            What to say besides.

        Raises
        ------
        WorkdayError
            If it is not answered in exactly one way.
        """
        if sum(map(bool, (run, release, no.strip()))) != 1:
            raise WorkdayError("answer with one of --run, --release, or --no with a reason")
        with Opened(self.project) as operations:
            request = _unanswered(operations, which)
            if no:
                answer = {"kind": "no", "which": "", "words": no.strip()}
            elif run:
                answer = {"kind": "run", "which": self._run(run), "words": words}
            else:
                answer = {"kind": "release", "which": _release(operations, release), "words": words}
            operations.answer_request(request.id, answer)
            return _find(operations, request.id)

    def _run(self, run: str) -> str:
        from modelwright.store import Tracking

        root = root_of(self.project)
        outline = Outline.read(root)
        return Tracking(outline.tracking, root / ".modelwright" / "artifacts", outline.name).find(run).id


def _release(operations: Operations, release: str) -> str:
    found = [
        each.id
        for each in operations.releases()
        if release in {each.id, each.run} or each.id.startswith(release)
    ]
    if len(found) != 1:
        how_many = "no release is" if not found else f"{len(found)} releases are"
        raise ReleaseError(
            f"{how_many} called '{release}'; give a whole identifier, as `modelwright today` shows"
        )
    return found[0]


def _unanswered(operations: Operations, which: str) -> Request:
    found = _find(operations, which)
    if found.answered is not None:
        raise WorkdayError(f"request {Item.short_of(found.id)} is answered already; add another one")
    return found


def _find(operations: Operations, which: str) -> Request:
    found = named(which, operations.requests(), key=lambda each: each.id)
    if found is None:
        raise WorkdayError(f"no request is called '{which}'; `modelwright request list` lists them")
    return found
