"""The result of a counted vote in words and in figures, with what must stay hidden left out here, once, for every page.

A college with fewer than five votes, or unanimous with fewer than ten, shows its decision only: not even how many voted,
and never which of the two reasons hides it, since « unanimous » would say everything. No total is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from charters.enums import Basis, Decision, Language, Majority, Outcome
from charters.models import CountRecord, Poll
from charters.workflow import Tally, Verdict, basis_of, disclosed


@dataclass(frozen=True, slots=True)
class Bars:
    """Widths of a college's picture, as percentages ready for SVG attributes: a dot whatever the language."""

    turnout: str
    quorum: str
    votes_for: str
    against: str
    against_from: str


@dataclass(frozen=True, slots=True)
class CollegeResult:
    """One college as it may be shown. `tally` and `bars` are None where its counts stay hidden."""

    kind: str
    initials: str
    name: str
    roll: int
    quorum_required: int
    has_quorum: bool
    binding: bool
    majority: Majority
    decision: Decision
    tally: Tally | None
    bars: Bars | None


def results(count: CountRecord) -> list[CollegeResult]:
    """Every college of a count, in the present language, with the hidden counts left out."""
    language = _language()
    tallies = [Tally(r["roll"], r["for"], r["against"], r["abstain"]) for r in count.results]
    shown = disclosed(tallies)
    return [
        CollegeResult(
            kind=row["college"],
            initials=row["initials"][language],
            name=row["name"][language],
            roll=row["roll"],
            quorum_required=row["quorum_required"],
            has_quorum=row["quorum_percent"] > 0,
            binding=row["binding"],
            majority=Majority(row["majority"]),
            decision=Decision(row["decision"]),
            tally=tally if visible else None,
            bars=_bars(tally, row["quorum_required"]) if visible else None,
        )
        for row, tally, visible in zip(count.results, tallies, shown, strict=True)
    ]


def sentence(count: CountRecord) -> str:
    """What a count says, in one or two sentences of the present language; see product.md, « outcome of a poll »."""
    language = _language()
    by_weight: dict[bool, dict[Decision, list[str]]] = {b: {d: [] for d in Decision} for b in (True, False)}
    for row in count.results:
        by_weight[row["binding"]][Decision(row["decision"])].append(row["name"][language])
    advice = _advice(by_weight[False])
    outcome = Outcome(count.outcome)
    if outcome is Outcome.ADVISORY:
        return advice or _("Nobody was on the roll.")
    names = listed(by_weight[True][Decision(outcome.value)])
    decided = {
        Outcome.APPROVED: _("Approved by %(names)s."),
        Outcome.REJECTED: _("Rejected by %(names)s."),
        Outcome.NO_QUORUM: _("No decision, for want of a quorum: %(names)s."),
    }[outcome] % {"names": names}
    return f"{decided} {advice}".strip()


def poll_sentence(poll: Poll) -> str:
    """The outcome of a poll that is over: its count, or why it was cancelled; empty while it is open."""
    count = getattr(poll, "count", None)
    if count is not None:
        return sentence(count)
    return _("This vote was cancelled: %(reason)s") % {"reason": poll.cancel_reason} if poll.cancel_reason else ""


def favourable(count: CountRecord) -> bool:
    """Whether the count speaks for the text: approved, or advisory with no opinion against and one for."""
    decisions = tuple(Decision(row["decision"]) for row in count.results)
    return basis_of(Verdict(Outcome(count.outcome), decisions)) in {Basis.APPROVED, Basis.ADVISED}


def listed(names: Sequence[object]) -> str:
    """« A, B and C », in the present language."""
    if len(names) < 2:  # noqa: PLR2004 (one name is no list)
        return "".join(map(str, names))
    return _("%(first)s and %(last)s") % {"first": ", ".join(map(str, names[:-1])), "last": names[-1]}


def percent(part: float, whole: float) -> str:
    """« 66.67% » for an SVG attribute; 0 of 0 is 0."""
    return f"{100 * part / whole if whole else 0:.2f}%"


def _advice(names: dict[Decision, list[str]]) -> str:
    yes, no = listed(names[Decision.APPROVED]), listed(names[Decision.REJECTED])
    said = ""
    if yes and no:
        said = _("Favourable opinion of %(yes)s, unfavourable of %(no)s.") % {"yes": yes, "no": no}
    elif yes:
        said = _("Favourable opinion of %(yes)s.") % {"yes": yes}
    elif no:
        said = _("Unfavourable opinion of %(no)s.") % {"no": no}
    if without := listed(names[Decision.NO_QUORUM]):
        said += " " + _("Too few voters: %(names)s.") % {"names": without}
    return said.strip()


def _bars(tally: Tally, quorum_required: int) -> Bars:
    cast = tally.marked
    return Bars(
        turnout=percent(cast, tally.roll),
        quorum=percent(quorum_required, tally.roll),
        votes_for=percent(tally.votes_for, cast),
        against=percent(tally.votes_against, cast),
        against_from=percent(cast - tally.votes_against, cast),
    )


def _language() -> str:
    """The stored names exist in the two languages of the interface."""
    code = (get_language() or Language.FRENCH)[:2]
    return code if code in set(Language) else Language.FRENCH.value
