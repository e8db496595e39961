"""Threads: opening, replying, answering, resolving, plainly and with htmx; nothing typed is lost, nobody is unmasked."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charters.actions.clauses import remove_clause
from charters.actions.consultations import end_comments
from charters.actions.revisions import submit_revision
from charters.actions.threads import reply_thread, resolve_thread
from charters.enums import CollegeKind, ConsultationState, ResponseKind, Role
from charters.models import Activity, ActivityDetail, Comment, Consultation, Response, Thread, Voice
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2, clauses=3)


@pytest.fixture
def consultation(world: factories.World) -> Consultation:
    return factories.consultation_in(world.charter, ConsultationState.COMMENTING)


@pytest.fixture
def thread(world: factories.World, consultation: Consultation) -> Thread:
    return factories.thread(consultation, world.participant, body="Why this word?")


def address(world: factories.World) -> str:
    return reverse("thread_open", args=[world.charter.pk, world.clause.pk])


def act(name: str, thread: Thread) -> str:
    return reverse(name, args=[thread.key])


# ── Opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_comment_opens_a_thread_and_leads_to_its_permalink(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    client.force_login(world.participant)
    response = client.post(address(world), {"body": "Why **this** word?"})
    comment = Comment.objects.get()
    assert response.status_code == 303
    assert response["Location"] == reverse("comment", args=[comment.key])
    final = client.get(response["Location"], follow=True)
    assert final.redirect_chain[-1][0] == f"{address(world)}?thread={comment.thread.key}#comment-{comment.key}"
    html = final.content.decode()
    assert f'id="comment-{comment.key}"' in html
    assert "<strong>this</strong>" in html
    assert "Your comment has been added." in html


@pytest.mark.parametrize(("place", "swapped"), [("margin", 'id="margin-clause-'), ("sheet", 'class="sheet__head"')])
def test_htmx_gets_the_same_comment_where_it_was_written(
    client: Client, world: factories.World, consultation: Consultation, place: str, swapped: str
) -> None:
    client.force_login(world.participant)
    response = client.post(f"{address(world)}?place={place}", {"body": "Why this word?"}, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in html
    assert swapped in html
    assert "Why this word?" in html
    assert 'id="outline" hx-swap-oob="true"' in html
    assert "Your comment has been added." in html
    assert "<textarea" not in html


def test_a_place_asked_for_without_htmx_gives_the_page(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    client.force_login(world.participant)
    assert "<html" in client.get(f"{address(world)}?place=margin").content.decode()


def test_the_margin_opens_for_writing_and_folds_again(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    client.force_login(world.participant)
    html = client.get(f"{address(world)}?place=margin", headers=HTMX).content.decode()
    assert f'data-draft="clause-{world.clause.pk}"' in html
    html = client.get(f"{address(world)}?place=margin&folded=1", headers=HTMX).content.decode()
    assert "<textarea" not in html
    assert "margin--empty" in html


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001, "a\x00b", "[" * 400])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_words_that_cannot_be_taken_are_kept_with_the_reason(
    client: Client, world: factories.World, consultation: Consultation, body: str, headers: dict
) -> None:
    client.force_login(world.participant)
    where = f"{address(world)}?place=margin" if headers else address(world)
    response = client.post(where, {"body": body}, headers=headers)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'class="field__error"' in html
    assert body.strip("\x00 ")[:300] in html
    assert not Thread.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_comments_that_close_while_one_writes_give_the_words_back(
    client: Client, world: factories.World, consultation: Consultation, headers: dict
) -> None:
    end_comments(consultation=consultation, by=world.administrator)
    client.force_login(world.participant)
    where = f"{address(world)}?place=margin" if headers else address(world)
    response = client.post(where, {"body": "An hour of <work>"}, headers=headers)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Comments closed on" in html
    assert "An hour of &lt;work&gt;</textarea>" in html
    assert "readonly" in html


def test_a_comment_before_any_consultation_gives_the_words_back(client: Client, world: factories.World) -> None:
    cancelled = factories.consultation_in(world.charter, ConsultationState.CANCELLED)
    assert cancelled.revisions.exists()
    client.force_login(world.participant)
    response = client.post(address(world), {"body": "Too early"})
    assert response.status_code == 409
    assert "Too early</textarea>" in response.content.decode()


def test_a_comment_on_a_clause_that_left_the_text_gives_the_words_back(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    clause = world.clause
    remove_clause(clause=clause, by=world.drafter)
    submit_revision(section=clause.section, consultation=consultation, by=world.drafter)
    client.force_login(world.participant)
    where = reverse("thread_open", args=[world.charter.pk, clause.pk])
    response = client.post(f"{where}?place=margin", {"body": "Too late"}, headers=HTMX)
    assert response.status_code == 409
    html = client.get(where).content.decode()
    assert "This clause left the text since." in html
    assert 'id="write"' not in html


def test_observers_are_refused_and_strangers_find_nothing(
    client: Client, world: factories.World, thread: Thread
) -> None:
    for name in ("thread_reply", "thread_answer", "thread_resolve", "thread_reopen"):
        client.force_login(world.observer)
        assert client.post(act(name, thread), {"body": "Words", "kind": "answered"}).status_code == 403
        client.force_login(world.stranger)
        assert client.post(act(name, thread), {"body": "Words", "kind": "answered"}).status_code == 404
    client.force_login(world.observer)
    assert client.post(address(world), {"body": "Words"}).status_code == 403
    client.force_login(world.stranger)
    assert client.get(address(world)).status_code == 404
    assert client.get(act("thread", thread)).status_code == 404
    assert Comment.objects.count() == 1


def test_a_clause_of_another_charter_is_not_found(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    other = factories.charter(world.administrator, title="Another", sections=1, clauses=1)
    factories.consultation_in(other, ConsultationState.COMMENTING)
    client.force_login(world.administrator)
    assert client.get(reverse("thread_open", args=[other.pk, world.clause.pk])).status_code == 404


# ── Replying, answering, resolving ────────────────────────────────────────────────────────────────────────────────────
def test_a_reply_plainly_and_with_htmx(client: Client, world: factories.World, thread: Thread) -> None:
    client.force_login(world.representative)
    assert f'data-draft="reply-{thread.key}"' in client.get(act("thread_reply", thread)).content.decode()
    response = client.post(act("thread_reply", thread), {"body": "Because."})
    assert response.status_code == 303
    assert "Because." in client.get(response["Location"], follow=True).content.decode()
    for place in ("margin", "sheet", "page"):
        where = f"{act('thread_reply', thread)}?place={place}"
        assert "<textarea" in client.get(where, headers=HTMX).content.decode()
        html = client.post(where, {"body": f"In the {place}"}, headers=HTMX).content.decode()
        assert html.count('<details class="thread"') == 1
        assert f"In the {place}" in html
        assert "<html" not in html
    assert thread.comments.count() == 5


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_reply_that_comes_too_late_is_given_back(
    client: Client, world: factories.World, thread: Thread, headers: dict
) -> None:
    end_comments(consultation=thread.consultation, by=world.administrator)
    client.force_login(world.representative)
    assert client.get(act("thread_reply", thread)).status_code == 409
    response = client.post(f"{act('thread_reply', thread)}?place=margin", {"body": "My words"}, headers=headers)
    assert response.status_code == 409
    assert "My words</textarea>" in response.content.decode()


def test_an_answer_has_a_kind_a_reason_and_the_drafter_s_name(
    client: Client, world: factories.World, thread: Thread
) -> None:
    client.force_login(world.drafter)
    assert client.get(act("thread_answer", thread)).status_code == 200
    for refused in ({"kind": "partly"}, {"body": "Because"}, {"kind": "maybe", "body": "Because"}):
        response = client.post(act("thread_answer", thread), refused)
        assert response.status_code == 422
        assert refused.get("body", "") in response.content.decode()
    response = client.post(act("thread_answer", thread), {"kind": "partly", "body": "Because."})
    assert response.status_code == 303
    assert Response.objects.get().kind == ResponseKind.PARTLY
    client.force_login(world.participant)
    html = client.get(response["Location"], follow=True).content.decode()
    assert world.drafter.name in html
    assert html.count("Partly accepted") == 2  # folded, and in the answer


def test_a_later_answer_stands_and_the_earlier_one_stays_readable(
    client: Client, world: factories.World, thread: Thread
) -> None:
    factories.answered(thread, "First answer")
    client.force_login(world.drafter)
    where = f"{act('thread_answer', thread)}?place=margin"
    html = client.post(where, {"kind": "accepted", "body": "Second answer"}, headers=HTMX).content.decode()
    assert "Second answer" in html
    assert "First answer" not in html  # the margin shows the one that stands
    whole = client.get(act("thread", thread), follow=True).content.decode()
    assert whole.index("First answer") < whole.index("Second answer")
    assert "Earlier answer of the drafters" in whole


def test_an_answered_thread_is_resolved_and_reopened(client: Client, world: factories.World, thread: Thread) -> None:
    client.force_login(world.drafter)
    assert client.post(act("thread_resolve", thread)).status_code == 409
    factories.answered(thread)
    html = client.post(f"{act('thread_resolve', thread)}?place=margin", headers=HTMX).content.decode()
    assert act("thread_reopen", thread) in html
    assert act("thread_resolve", thread) not in html
    assert client.post(act("thread_reopen", thread)).status_code == 303
    thread.refresh_from_db()
    assert thread.state == "open"
    assert client.get(act("thread_resolve", thread)).status_code == 405


def test_what_one_may_not_do_is_not_offered(client: Client, world: factories.World, thread: Thread) -> None:
    factories.answered(thread)
    client.force_login(world.participant)
    html = client.get(act("thread", thread), follow=True).content.decode()
    assert act("thread_reply", thread) in html
    for name in ("thread_answer", "thread_resolve", "thread_reopen"):
        assert act(name, thread) not in html


# ── Permalinks ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_permalink_shows_its_thread_first_and_unfolded_however_many_there_are(
    client: Client, world: factories.World, thread: Thread
) -> None:
    comment = reply_thread(thread=thread, by=world.representative, body="Look here")
    resolve_thread(thread=factories.answered(thread), by=world.drafter)
    voice = Voice.objects.get(person=world.participant)
    for _ in range(60):
        row = Thread.objects.create(consultation=thread.consultation, clause=thread.clause, created_at=timezone.now())
        Comment.objects.create(thread=row, voice=voice, body="x", html="<p>x</p>", created_at=timezone.now())
    client.force_login(world.drafter)
    response = client.get(reverse("comment", args=[comment.key]), follow=True)
    html = response.content.decode()
    assert f'id="comment-{comment.key}"' in html
    assert re.search(rf'<details class="thread[^>]*id="thread-{thread.key}" open>', html)
    assert html.count('<details class="thread') == 50
    assert "61 threads" in html
    assert client.get(address(world), {"page": "2"}).content.decode().count('<details class="thread') == 11
    assert client.get(address(world), {"page": "x", "consultation": "-1"}).status_code == 200


def test_threads_of_an_earlier_round_stay_where_their_permalink_leads(
    client: Client, world: factories.World, thread: Thread
) -> None:
    end_comments(consultation=thread.consultation, by=world.administrator)
    by = world.administrator
    factories.open_polls(consultation=thread.consultation, by=by)
    factories.adopted(factories.concluded(thread.consultation))
    factories.rewrite(world.clause, "Other words.")
    second = factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    newer = factories.thread(second, world.representative, world.clause, "A newer question")
    client.force_login(world.participant)
    now = client.get(address(world)).content.decode()
    assert "A newer question" in now
    assert "Why this word?" not in now
    assert "?consultation=1" in now
    before = client.get(act("thread", thread), follow=True).content.decode()
    assert "Why this word?" in before
    assert "Wording changed since" in before
    assert 'id="write"' not in before
    assert newer.key not in before


def test_markup_in_a_comment_is_shown_and_not_run(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    client.force_login(world.participant)
    body = "<script>alert(1)</script> <img src=x onerror=alert(1)> {{ x }} [a](javascript:alert(1))"
    client.post(address(world), {"body": body})
    for where in (address(world), reverse("charter_read", args=[world.charter.pk])):
        html = client.get(where).content.decode()
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="javascript:' not in html


# ── Nobody is unmasked ────────────────────────────────────────────────────────────────────────────────────────────────
def test_no_page_says_who_is_behind_a_pseudonym(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    authors = [
        factories.member(
            world.charter, Role.PARTICIPANT, CollegeKind.EMPLOYEES, factories.person(f"Zéphyrine Quolibet{n}")
        )
        for n in range(6)
    ]
    thread = factories.thread(consultation, authors[0], world.clause)
    for author in authors[1:]:
        reply_thread(thread=thread, by=author, body="So do I.")
    factories.answered(thread)
    pages = [reverse("charter_read", args=[world.charter.pk]), address(world), act("thread", thread)]
    pages += [act("thread_reply", thread)]
    voices = list(Voice.objects.filter(person__in=authors))
    for reader in (world.representative, world.drafter, world.administrator):
        client.force_login(reader)
        for page in pages:
            html = client.get(page, follow=True).content.decode()
            assert "So do I." in html
            assert "Quolibet" not in html
            hidden = [getattr(author, name) for author in authors for name in ("email", "key")]
            assert not any(secret in html for secret in [*hidden, *(voice.key for voice in voices)])
    for entry in Activity.objects.filter(verb__in=["thread_open", "thread_reply"]).select_related("detail"):
        assert entry.actor_key in {voice.key for voice in voices}
        assert "Quolibet" not in str(entry.detail.payload)
        assert not any(author.key in str(entry.detail.payload) for author in authors)
    assert ActivityDetail.objects.filter(reason__contains="Quolibet").count() == 0


def test_the_pages_hold_no_hour_at_which_a_pseudonym_wrote(
    client: Client, world: factories.World, thread: Thread
) -> None:
    client.force_login(world.drafter)
    html = client.get(act("thread", thread), follow=True).content.decode()
    written = timezone.localtime(thread.created_at)
    stamps = re.findall(r'<time datetime="([^"]+)"', html[html.index('class="talk') :])
    assert set(stamps) == {written.date().isoformat()}


def test_a_folded_thread_of_the_margin_is_unfolded_in_place(
    client: Client, world: factories.World, thread: Thread
) -> None:
    reply_thread(thread=thread, by=world.representative, body="Because.")
    factories.thread(thread.consultation, world.participant)
    client.force_login(world.drafter)
    page = client.get(reverse("charter_read", args=[world.charter.pk])).content.decode()
    assert f'hx-get="{act("thread", thread)}?place=margin"' in page
    assert "Why this word?" in page
    assert "Because." not in page
    html = client.get(f"{act('thread', thread)}?place=margin", headers=HTMX).content.decode()
    assert re.match(rf'\s*<details class="thread" id="thread-{thread.key}" open>', html)
    assert "Because." in html
    assert act("thread_answer", thread) in html
