"""Two people saved one clause: both texts are shown, compared by words, and the second writer chooses. Nothing is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from charters.actions.clauses import settle_clause
from charters.actions.wording import clause_body
from charters.documents.merging import Merge, three_way
from charters.enums import Nature
from charters.exceptions import BadInput, StaleVersion, WrongState
from charters.forms.clauses import ClauseForm, SettleForm
from charters.models import Clause
from charters.queries.editing import Save, base_of, last_save, number_of
from charters.views.drafting import working_clause
from charters.views.loading import person

WORDS = ("title", "body", "references")
Saved = Callable[[HttpRequest, Clause], HttpResponse]


@dataclass(frozen=True, slots=True)
class Clash:
    """The newer text (`theirs`), mine as typed, what both began from (`base`, if its entry is there), and their union."""

    theirs: Clause
    save: Save | None
    mine: dict[str, Any]
    base: Any | None
    merge: Merge | None

    @property
    def merged(self) -> dict[str, Any]:
        """A first draft of the third text: where only one of us changed something, that change."""
        base, mine = self.base, self.mine
        found = {
            name: mine[name] if base is None or mine[name] != getattr(base, name) else getattr(self.theirs, name)
            for name in ("title", "nature", "references")
        }
        return found | {"body": self.merge.text if self.merge else mine["body"]}

    @property
    def joined(self) -> bool:
        """Whether the two edits touch different words, so that both can stand as they are."""
        return self.merge is not None and not self.merge.collisions


def clash_of(theirs: Clause, version: int, mine: dict[str, Any]) -> Clash:
    """Compare what was typed over `version` with what is saved now. Raises BadInput for words that cannot be read."""
    mine = mine | {"body": clause_body(mine["body"]).body}
    base = base_of(theirs, version)
    merge = three_way(base.body, mine["body"], theirs.body) if base else None
    return Clash(theirs, last_save(theirs), mine, base, merge)


def collide(request: HttpRequest, clause: Clause, form: ClauseForm) -> HttpResponse:
    """Answer a stale save with both texts. Raises BadInput for words that cannot be read."""
    theirs = working_clause(request, clause.pk)
    return _show(request, clash_of(theirs, form.saved_version, form.content), form.saved_version)


def settle(request: HttpRequest, clause: Clause, saved: Saved) -> HttpResponse:
    """Save the text that was chosen; the other one stays in the history. A third writer begins it again."""
    choice, rewritten, mine = (
        SettleForm(request.POST),
        ClauseForm(request.POST),
        ClauseForm(request.POST, prefix="mine"),
    )
    if not mine.is_valid():  # hidden fields that were tampered with
        raise BadInput(str(next(iter(mine.errors.values()))[0]), code="mine")
    chosen = _chosen(choice, rewritten, mine, clause)
    base = request.POST.get("base", "")
    base_version = int(base) if base.isdecimal() and len(base) < 19 else 0  # noqa: PLR2004 (no database takes more)
    if chosen is None:
        return _show(request, clash_of(clause, base_version, mine.content), base_version, rewritten, choice)
    seen, reason = rewritten.cleaned_data.get("version") or 0, rewritten.cleaned_data.get("reason", "")
    typed = {name: mine.content[name] for name in WORDS}
    try:
        done = settle_clause(clause=clause, by=person(request), version=seen, mine=typed, reason=reason, **chosen)
    except StaleVersion:
        kept = mine.content if choice.cleaned_data["settle"] == SettleForm.THEIRS else chosen
        return _show(request, clash_of(working_clause(request, clause.pk), seen, kept), seen)
    except (BadInput, WrongState) as refusal:  # WrongState: taken out meanwhile
        above = None if isinstance(refusal, WrongState) else "body"
        rewritten.refuse(refusal, "reason" if refusal.code == "reason" else above)
        return _show(request, clash_of(clause, base_version, mine.content), base_version, rewritten, choice)
    return saved(request, done)


def _chosen(choice: SettleForm, rewritten: ClauseForm, mine: ClauseForm, theirs: Clause) -> dict[str, Any] | None:
    """The content to save, or None when the choice or the rewritten text is not usable yet."""
    valid = rewritten.is_valid()
    if not choice.is_valid():
        return None
    match choice.cleaned_data["settle"]:
        case SettleForm.THEIRS:
            return {name: getattr(theirs, name) for name in WORDS} | {"nature": Nature(theirs.nature)}
        case SettleForm.MINE:
            return mine.content
        case _:
            return rewritten.content if valid else None


def _show(
    request: HttpRequest,
    clash: Clash,
    base_version: int,
    form: ClauseForm | None = None,
    choice: SettleForm | None = None,
) -> HttpResponse:
    theirs = clash.theirs
    form = form or ClauseForm(initial=clash.merged | {"version": theirs.version})
    lowers = theirs.nature == Nature.OBLIGATION and Nature.OBLIGATION not in {
        clash.mine["nature"],
        clash.merged["nature"],
    }
    context = {
        "clash": clash, "clause": theirs, "charter": theirs.section.charter, "number": number_of(theirs), "form": form,
        "choice": choice or SettleForm(initial={"settle": SettleForm.REWRITE}), "base_version": base_version,
        "asks_reason": lowers or "reason" in form.errors, "active": "text",
    }  # fmt: skip
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "charters/drafting/collision.html", context, status=409)
    response = render(request, "charters/drafting/_collision.html", context, status=409)
    return reswap(retarget(response, "#editor"), "outerHTML")
