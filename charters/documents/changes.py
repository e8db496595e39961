"""What changed between two wordings of a section, clause by clause: words marked, everything else said in sentences."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charters import labels
from charters.documents.comparison import compare, comparison_html, side_by_side_html
from charters.documents.markdown import plain
from charters.enums import Nature
from charters.models import RevisionClause

# What Markdown says beyond words: bold, italics, lists, quotes, tables, and where a link leads.
_FORM = re.compile(r"(?<!\\)[*_]{1,2}|\]\([^)]*\)|(?m:^\s*(?:[-+>|]|\d+[.)]))")


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause on both sides; `old` or `new` is None where it is not. `said`: what changed besides its words.

    `reason`: what a drafter said of it, as the query gave it.
    """

    old: RevisionClause | None
    new: RevisionClause | None
    title: SafeString | str
    inline: SafeString
    left: SafeString
    right: SafeString
    said: tuple[SafeString | str, ...]
    nature_changed: bool
    reason: object = None

    @property
    def row(self) -> RevisionClause:
        """The clause as it stands now, or stood last."""
        row = self.new or self.old
        assert row is not None  # noqa: S101 (one side at least holds it)
        return row


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Clauses in a row that read the same on both sides."""

    rows: tuple[RevisionClause, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The whole comparison in reading order, removed clauses where they stood; with how many of each."""

    items: tuple[ClauseChange | Unchanged, ...]
    changed: int = 0
    added: int = 0
    removed: int = 0
    natures: int = 0
    unchanged: int = 0


def changes(
    old: Sequence[RevisionClause],
    new: Sequence[RevisionClause],
    homes: Mapping[int, str],
    reasons: Mapping[int, object],
) -> Changes:
    """Compare two lists of clauses. `homes`: another section that a clause came from or went to, by clause id."""
    before, after = {row.clause_id: row for row in old}, {row.clause_id: row for row in new}
    moved = _moved([pk for pk in before if pk in after], [pk for pk in after if pk in before])
    items: list[ClauseChange | Unchanged] = []
    for pk in _reading_order(list(before), list(after)):
        change = _change(before.get(pk), after.get(pk), moved=pk in moved, home=homes.get(pk, ""))
        if change is not None:
            items.append(replace(change, reason=reasons.get(pk)))
        elif items and isinstance(items[-1], Unchanged):
            items[-1] = Unchanged((*items[-1].rows, after[pk]))
        else:
            items.append(Unchanged((after[pk],)))
    found = [item for item in items if isinstance(item, ClauseChange)]
    return Changes(
        items=tuple(items),
        changed=sum(1 for item in found if item.old and item.new),
        added=sum(1 for item in found if not item.old),
        removed=sum(1 for item in found if not item.new),
        natures=sum(1 for item in found if item.nature_changed),
        unchanged=sum(len(item.rows) for item in items if isinstance(item, Unchanged)),
    )


def _reading_order(old: list[int], new: list[int]) -> list[int]:
    """The new order, with each clause that is gone after the one it followed."""
    order = list(new)
    for index, pk in enumerate(old):
        if pk not in new:
            follows = next((order.index(other) + 1 for other in reversed(old[:index]) if other in order), 0)
            order.insert(follows, pk)
    return order


def _moved(old: list[int], new: list[int]) -> set[int]:
    """Clauses that changed place among those kept: as few as explain the new order (the rest kept theirs)."""
    place = {pk: rank for rank, pk in enumerate(old)}
    kept: list[list[int]] = [[]]
    for pk in new:
        runs = [run for run in kept if not run or place[run[-1]] < place[pk]]
        kept.append([*max(runs, key=lambda run: len(run)), pk])  # noqa: PLW0108 (len alone does not type)
    longest = max(kept, key=lambda run: len(run))  # noqa: PLW0108 (as above)
    return set(new) - set(longest)


def _change(old: RevisionClause | None, new: RevisionClause | None, *, moved: bool, home: str) -> ClauseChange | None:
    """None when nothing differs but the number."""
    said = [_placed(old, new, moved=moved, home=home), *_said(old, new)]
    before, after = (_words(row) for row in (old, new))
    same_words = before == after and (old is None or new is None or old.body == new.body)
    if old and new and not any(said) and same_words and old.title == new.title:
        return None
    titles = (old.title if old else "", new.title if new else "")
    left, right = side_by_side_html(before, after)
    return ClauseChange(
        old=old,
        new=new,
        title=_inline(*titles),
        inline=comparison_html(before, after),
        left=left,
        right=right,
        said=tuple(sentence for sentence in said if sentence),
        nature_changed=bool(old and new and old.nature != new.nature),
    )


def _words(row: RevisionClause | None) -> str:
    return plain(row.body) if row else ""


def _placed(old: RevisionClause | None, new: RevisionClause | None, *, moved: bool, home: str) -> str:
    if old is None:
        return (
            _("Clause moved here from the section “%(section)s”.") % {"section": home} if home else _("Clause added.")
        )
    if new is None:
        return _("Clause moved to the section “%(section)s”.") % {"section": home} if home else _("Clause removed.")
    if moved:
        return _("Clause moved: it was %(number)s.") % {"number": old.number}
    return ""


def _said(old: RevisionClause | None, new: RevisionClause | None) -> list[SafeString | str]:
    if old is None or new is None:
        return []
    said: list[SafeString | str] = []
    if old.nature != new.nature:
        names = (str(labels.NATURE[Nature(old.nature)]), str(labels.NATURE[Nature(new.nature)]))
        said.append(format_html("{} {}", _("Nature:"), _inline(*names)))
    if old.references != new.references:
        lists = (" · ".join(old.reference_list), " · ".join(new.reference_list))
        said.append(format_html("{} {}", _("References:"), _inline(*lists)))
    if _FORM.findall(old.body) != _FORM.findall(new.body):
        said.append(_("The formatting changed too: bold, italics, lists, or where a link leads."))
    return said


def _inline(old: str, new: str) -> SafeString | str:
    """Two short texts on one line, the old one struck out as a whole when they share nothing."""
    if old == new:
        return new
    shared = any(segment.op == "equal" for segment in compare(old, new).segments)
    if old and new and not shared:
        return format_html("<del>{}</del> <ins>{}</ins>", old, new)
    html = comparison_html(old, new)
    return SafeString(html.removeprefix("<p>").removesuffix("</p>"))
