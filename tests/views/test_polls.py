"""The pages of voting: the ballot, the results, and what nobody may see before the close or below five votes."""

import re
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charters.actions.members import leave_member
from charters.actions.polls import cancel_poll, cast_vote
from charters.enums import Choice, CollegeKind, ConsultationState, PollState, Role
from charters.models import Membership, Person, Poll, Vote
from charters.workflow import CollegeRule
from tests import factories

pytestmark = pytest.mark.django_db
FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=1)


@pytest.fixture
def poll(world: factories.World) -> Poll:
    return factories.consultation_in(world.charter, ConsultationState.VOTING).polls.get()


def get(client: Client, who: Person, name: str, pk: int, status: int = 200) -> str:
    client.force_login(who)
    response = client.get(reverse(name, args=[pk]), **ENGLISH)
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, who: Person, name: str, pk: int, **data: Any) -> Any:
    client.force_login(who)
    return client.post(reverse(name, args=[pk]), data, **ENGLISH)


def without_tokens(html: str) -> str:
    """The page without what changes at every request."""
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", html)


# ── The ballot ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_ballot_shows_the_frozen_text_and_chooses_nothing(client: Client, world: Any, poll: Poll) -> None:
    html = get(client, world.participant, "poll", poll.pk)
    assert poll.sha256 in html
    assert all(row.title in html for row in poll.revision.clauses.all())
    assert html.count('type="radio"') == 3
    assert " checked" not in html
    for promised in (
        "L2281-3",
        "change your vote until",
        "Nobody can, through the application, link your ballot to you",
    ):
        assert promised in html


def test_each_role_at_the_ballot(client: Client, world: Any, poll: Poll) -> None:
    voters = {world.administrator, world.drafter, world.participant, world.representative}
    for who in voters | {world.observer}:
        html = get(client, who, "poll", poll.pk)
        assert (f'action="{reverse("vote_cast", args=[poll.pk])}"' in html) is (who in voters)
        assert ("You do not vote here" in html) is (who not in voters)
        assert ("Running this vote" in html) is (who == world.administrator)
    for outsider in (world.stranger, world.former):
        get(client, outsider, "poll", poll.pk, 404)
    client.logout()
    assert client.get(reverse("poll", args=[poll.pk])).status_code == 302


def test_who_came_after_the_opening_reads_why(client: Client, world: Any, poll: Poll) -> None:
    html = get(client, factories.member(world.charter), "poll", poll.pk)
    assert "You are not on the roll of this vote" in html


# ── Casting ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_vote_is_recorded_then_changed(client: Client, world: Any, poll: Poll) -> None:
    for choice in (FOR, AGAINST):
        response = post(client, world.participant, "vote_cast", poll.pk, choice=choice.value, reason="Mine.")
        assert response.headers["Location"] == reverse("poll", args=[poll.pk])
        assert "Vote recorded." in client.get(response.headers["Location"], **ENGLISH).content.decode()
    assert Vote.objects.get().choice == AGAINST


def test_without_a_choice_the_words_are_kept(client: Client, world: Any, poll: Poll) -> None:
    response = post(client, world.participant, "vote_cast", poll.pk, reason="My very own reason")
    html = response.content.decode()
    assert response.status_code == 422
    assert "My very own reason" in html
    assert "Choose for, against or abstention." in html
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "data", [{"choice": "maybe"}, {"choice": "for", "reason": "x" * 1001}, {"choice": "for", "reason": "\u202e"}]
)
def test_what_cannot_be_taken_is_refused(client: Client, world: Any, poll: Poll, data: dict) -> None:
    assert post(client, world.participant, "vote_cast", poll.pk, **data).status_code == 422
    assert not Vote.objects.exists()


def test_refusals_have_their_own_status(client: Client, world: Any, poll: Poll) -> None:
    assert post(client, world.observer, "vote_cast", poll.pk, choice="for").status_code == 403
    assert post(client, world.stranger, "vote_cast", poll.pk, choice="for").status_code == 404
    factories.past_its_close(poll)
    response = post(client, world.participant, "vote_cast", poll.pk, choice="for")
    assert response.status_code == 409
    assert "The vote closed on" in response.content.decode()
    assert factories.fresh(poll).state == PollState.COUNTED


def test_one_s_own_vote_is_shown_to_oneself_only(client: Client, world: Any, poll: Poll) -> None:
    cast_vote(poll=poll, by=world.participant, choice=AGAINST, reason="Because of the third line.")
    own = get(client, world.participant, "poll", poll.pk)
    assert "Only you see this" in own
    assert "Because of the third line." in own
    for other in (world.administrator, world.representative):
        html = get(client, other, "poll", poll.pk)
        assert "Only you see this" not in html
        assert "Because of the third line." not in html


def test_nothing_a_page_shows_tells_that_others_have_voted(client: Client, world: Any, poll: Poll) -> None:
    pages = [("poll", poll.pk), ("polls", world.charter.pk), ("consultation", poll.consultation_id)]
    before = [without_tokens(get(client, world.administrator, *page)) for page in pages]
    for who in (world.drafter, world.participant, world.representative):
        cast_vote(poll=poll, by=who, choice=FOR)
    assert [without_tokens(get(client, world.administrator, *page)) for page in pages] == before


# ── Results ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def counted(votes: dict[CollegeKind, list[Choice]], **rules: CollegeRule) -> Poll:
    """A poll whose colleges voted so, among rolls of exactly these electors (the author is a further one, in HR)."""
    charter = factories.charter(sections=1)
    people = {kind: factories.members(charter, len(choices), kind) for kind, choices in votes.items()}
    by_kind = {CollegeKind(kind): rule for kind, rule in rules.items()}
    poll = factories.consultation_in(charter, ConsultationState.VOTING, rules=by_kind).polls.get()
    for kind, choices in votes.items():
        for who, choice in zip(people[kind], choices, strict=True):
            cast_vote(poll=poll, by=who, choice=choice)
    factories.close(poll)
    return factories.fresh(poll)


def test_counts_are_a_sentence_a_picture_and_a_table(client: Client) -> None:
    poll = counted({CollegeKind.EMPLOYEES: [FOR] * 4 + [AGAINST] * 2 + [ABSTAIN]})
    html = get(client, poll.consultation.charter.created_by, "poll", poll.pk)
    assert "Favourable opinion of Employees." in html
    assert "<strong>4 for</strong>, 1 abstention, 2 against" in html
    assert "7 voters of 7" in html
    assert 'width="57.14%"' in html
    assert 'x="71.43%" width="28.57%"' in html


def test_numbers_in_pictures_keep_their_dot_in_french(client: Client) -> None:
    poll = counted({CollegeKind.EMPLOYEES: [FOR] * 4 + [AGAINST] * 2 + [ABSTAIN]})
    client.force_login(poll.consultation.charter.created_by)
    html = client.get(reverse("poll", args=[poll.pk]), headers={"accept-language": "fr"}).content.decode()
    assert 'width="57.14%"' in html


@pytest.mark.parametrize(
    "choices", [[FOR, FOR, AGAINST, AGAINST], [AGAINST] * 3, [FOR] * 6, [ABSTAIN] * 9], ids=["few", "3", "6", "9"]
)
def test_a_small_or_unanimous_college_shows_its_decision_only(client: Client, choices: list[Choice]) -> None:
    poll = counted({CollegeKind.REPRESENTATIVES: choices, CollegeKind.EMPLOYEES: [FOR] * 5 + [AGAINST]})
    html = get(client, poll.consultation.charter.created_by, "poll", poll.pk)
    rows = {row.kind: row for row in client.get(reverse("poll", args=[poll.pk])).context["page"].results}
    assert rows["representatives"].tally is None
    assert rows["representatives"].bars is None
    assert rows["employees"].tally.votes_for == 5
    shown = html.split('id="picture"')[1].split("college--representatives")[-1]
    assert not re.search(r"\d+ (for|against|voter)", shown)
    assert "votes too alike" in html
    assert "No total is shown" in html


def test_binding_colleges_and_a_missed_quorum_are_said(client: Client) -> None:
    rule = CollegeRule(binding=True, quorum=Fraction(1))
    poll = counted({CollegeKind.EMPLOYEES: [FOR] * 5 + [AGAINST]}, employees=rule, hr=rule)
    html = get(client, poll.consultation.charter.created_by, "poll", poll.pk)
    assert "No decision, for want of a quorum: Human resources." in html
    assert "quorum of 6 reached" in html
    assert "only with a written reason" in html


def test_a_cancelled_vote_gives_its_reason_and_no_count(client: Client, world: Any, poll: Poll) -> None:
    cast_vote(poll=poll, by=world.participant, choice=FOR)
    cancel_poll(poll=poll, by=world.administrator, reason="A line was missing.")
    html = get(client, world.participant, "poll", poll.pk)
    assert "A line was missing." in html
    assert "never counted" in html
    assert "How each group voted" not in html
    assert "A line was missing." in get(client, world.observer, "polls", world.charter.pk)


# ── Opening, extending, cancelling ────────────────────────────────────────────────────────────────────────────────────
def test_the_page_before_opening_shows_what_will_be_frozen(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, ConsultationState.REVISING)
    html = get(client, world.administrator, "poll_open", consultation.pk)
    assert consultation.revisions.get().sha256 in html
    for said in (
        "Small groups:",
        "Staff representatives (1)",
        "A unanimous result reveals every vote",
        "cannot be undone",
    ):
        assert said in html
    for who in (world.drafter, world.participant, world.observer):
        get(client, who, "poll_open", consultation.pk, 403)
    response = post(client, world.administrator, "poll_open", consultation.pk)
    assert response.headers["Location"] == reverse("polls", args=[world.charter.pk])
    get(client, world.administrator, "poll_open", consultation.pk, 409)


def test_an_opening_that_cannot_be_says_why(client: Client, world: Any) -> None:
    rules = {CollegeKind.REPRESENTATIVES: CollegeRule(binding=True)}
    leave_member(membership=Membership.objects.get(person=world.representative), by=world.administrator)
    consultation = factories.consultation_in(world.charter, ConsultationState.REVISING, rules=rules)
    response = post(client, world.administrator, "poll_open", consultation.pk)
    assert response.status_code == 422
    assert "has no elector" in response.content.decode()
    assert not Poll.objects.exists()


def test_a_vote_is_extended_by_its_form(client: Client, world: Any, poll: Poll) -> None:
    later = timezone.localtime(poll.closes_at + timedelta(days=2)).replace(second=0, microsecond=0)
    assert "Extend this vote" in get(client, world.administrator, "poll_extend", poll.pk)
    early = timezone.localtime() + timedelta(hours=1)
    for value in ("", "nonsense", early.strftime("%Y-%m-%dT%H:%M")):
        assert post(client, world.administrator, "poll_extend", poll.pk, closes_at=value).status_code == 422
    response = post(client, world.administrator, "poll_extend", poll.pk, closes_at=later.strftime("%Y-%m-%dT%H:%M"))
    assert response.status_code == 302
    assert factories.fresh(poll).closes_at == later


def test_a_vote_is_cancelled_by_its_form(client: Client, world: Any, poll: Poll) -> None:
    assert post(client, world.administrator, "poll_cancel", poll.pk, reason="").status_code == 422
    assert post(client, world.administrator, "poll_cancel", poll.pk, reason="Stopped.").status_code == 302
    assert factories.fresh(poll).state == PollState.CANCELLED


@pytest.mark.parametrize("name", ["poll_extend", "poll_cancel"])
def test_running_a_vote_is_for_administrators(client: Client, world: Any, poll: Poll, name: str) -> None:
    for who in (world.drafter, world.participant, world.observer):
        get(client, who, name, poll.pk, 403)
    get(client, world.stranger, name, poll.pk, 404)
    factories.close(poll)
    get(client, world.administrator, name, poll.pk, 409)


# ── The list ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_list_says_what_i_have_done(client: Client, world: Any, poll: Poll) -> None:
    assert "1 section waits for your vote." in get(client, world.participant, "polls", world.charter.pk)
    cast_vote(poll=poll, by=world.participant, choice=FOR)
    html = get(client, world.participant, "polls", world.charter.pk)
    assert "You have voted" in html
    assert "waits for your vote" not in html
    assert "You are not on the roll" in get(client, world.observer, "polls", world.charter.pk)
    factories.close(poll)
    assert "Favourable opinion of Employees." in get(client, world.participant, "polls", world.charter.pk)
    get(client, world.stranger, "polls", world.charter.pk, 404)


def test_an_empty_list_says_what_comes(client: Client, world: Any) -> None:
    assert "No vote yet" in get(client, world.observer, "polls", world.charter.pk)


@pytest.mark.parametrize("counted_too", [False, True])
def test_the_list_takes_as_many_queries_for_one_vote_as_for_three(
    client: Client, django_assert_num_queries: Any, *, counted_too: bool
) -> None:
    for sections in (1, 3):
        charter = factories.charter(sections=sections)
        voter = factories.member(charter, Role.PARTICIPANT)
        for poll in factories.consultation_in(charter, ConsultationState.VOTING).polls.all():
            cast_vote(poll=poll, by=voter, choice=FOR)
            if counted_too:
                factories.close(poll)
        client.force_login(voter)
        with django_assert_num_queries(8):
            client.get(reverse("polls", args=[charter.pk]))
