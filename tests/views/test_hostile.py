"""What somebody hostile, or only curious, would try: nothing of it is answered, and nothing fails."""

import re
import time
from datetime import timedelta
from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from charters.actions import closing
from charters.actions.consultations import cancel_consultation
from charters.actions.journal import verify
from charters.actions.polls import cast_vote, extend_poll
from charters.actions.sections import move_section
from charters.actions.threads import open_thread
from charters.documents.changes import changes
from charters.documents.edition_data import edition_document
from charters.enums import Choice, ConsultationState, Role, Verb
from charters.models import Activity, ActivityDetail, Company, Person, Poll, RevisionClause
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


@pytest.fixture
def quiet() -> Client:
    """A client that shows a failure as a 500 instead of raising it."""
    return Client(raise_request_exception=False)


# ── Accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_claims_the_address_of_somebody_to_come(client: Client) -> None:
    charter = factories.charter()
    member = factories.member(charter, who=factories.person(password=PASSWORD))
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    refused = client.post("/account/email/", {"action_add": "", "email": "newcomer@example.org"})
    assert refused.status_code == HTTPStatus.NOT_FOUND
    newcomer = factories.membership(charter, who=factories.person(email="newcomer@example.org")).person
    mail.outbox.clear()
    other = Client()
    other.post(reverse("account_request_login_code"), {"email": newcomer.email})
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code is not None
    other.post(reverse("account_confirm_login_code"), {"code": code[1]})
    assert other.get("/").wsgi_request.user == newcomer


def test_nobody_signs_up(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": "me@example.org", "password1": PASSWORD})
    assert not Person.objects.filter(email="me@example.org").exists()


def test_a_corrected_address_no_longer_signs_in(admin: Client) -> None:
    person = factories.person("Zoé", email="former@example.org")
    EmailAddress.objects.create(user=person, email="former@example.org", verified=True, primary=True)
    page = reverse("admin:charters_person_change", args=[person.pk])
    admin.post(page, {"name": "Zoé", "email": "New@Example.org", "language": "fr", "is_active": "on"})
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert not EmailAddress.objects.filter(email="former@example.org").exists()


# ── The admin ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def admin() -> Client:
    """An operator in the admin."""
    client = Client(raise_request_exception=False)
    client.force_login(factories.person("Operator", is_staff=True, is_superuser=True))
    return client


def test_the_admin_holds_people_and_the_company_only(admin: Client) -> None:
    page = admin.get("/admin/").content.decode()
    assert set(re.findall(r'href="/admin/(\w+/\w+)/"', page)) == {"charters/company", "charters/person"}


def test_the_admin_does_not_say_when_somebody_signed_in(admin: Client) -> None:
    Person.objects.update(last_login=timezone.now())
    for address in ("/admin/charters/person/", f"/admin/charters/person/{Person.objects.first().pk}/change/"):
        assert "last_login" not in admin.get(address).content.decode()


def test_there_is_one_company_and_it_stays(admin: Client) -> None:
    Company.objects.create(pk=1, name="Ours")
    for address in ("/admin/charters/company/add/", "/admin/charters/company/1/delete/"):
        assert admin.post(address, {"name": "Other", "headcount": 1, "post": "yes"}).status_code == HTTPStatus.FORBIDDEN
    assert Company.objects.get().name == "Ours"


# ── What cannot be read ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_number_of_thousands_of_digits_is_no_number(quiet: Client) -> None:
    charter = factories.charter(sections=1, clauses=1)
    clause = charter.sections.get().clauses.get()
    factories.consultation_in(charter, ConsultationState.COMMENTING)
    consultation = charter.consultations.get()
    factories.rewrite(clause, "Other words.")
    quiet.force_login(charter.created_by)
    text = {"title": "T", "body": "B", "nature": "information", "version": "1"}
    mine = {f"mine-{name}": value for name, value in text.items()}
    settled = quiet.post(reverse("clause_edit", args=[clause.pk]), text | mine | {"settle": "x", "base": "9" * 5000})
    ticked = quiet.post(reverse("revision_submit", args=[consultation.pk]), {"sections": "9" * 5000})
    assert settled.status_code == HTTPStatus.CONFLICT
    assert ticked.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "zero", "9" * 5000])
def test_a_section_that_cannot_be_is_refused_on_the_form(quiet: Client, number: str) -> None:
    charter = factories.charter()
    quiet.force_login(charter.created_by)
    page = quiet.post(reverse("consultation_plan", args=[charter.pk]), {"sections": number})
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert page.context["form"].errors["sections"]


@pytest.mark.parametrize("address", ["members/?q=%00", "members/?college=%00", "?thread=%00", "journal/?page=%00"])
def test_a_nul_in_an_address_leads_nowhere(quiet: Client, address: str) -> None:
    charter = factories.charter()
    quiet.force_login(charter.created_by)
    assert quiet.get(f"/charters/{charter.pk}/{address}").status_code == HTTPStatus.NOT_FOUND
    assert quiet.get("/threads/a%00b/").status_code == HTTPStatus.NOT_FOUND


def test_more_fields_than_a_form_has_get_a_page_of_ours(quiet: Client) -> None:
    charter = factories.charter()
    quiet.force_login(charter.created_by)
    page = quiet.post(reverse("charter_create"), {f"field{number}": "1" for number in range(1500)})
    assert page.status_code == HTTPStatus.BAD_REQUEST
    assert 'class="bar"' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_name_that_folds_into_a_longer_one_fits_its_column() -> None:
    assert len(factories.person("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 120).folded) <= 400


# ── Anonymity ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_journal_page_is_no_turnout(client: Client) -> None:
    charter = factories.charter(sections=1, clauses=1)
    voters = factories.members(charter, 3)
    consultation = factories.consultation_in(charter, ConsultationState.VOTING)
    client.force_login(charter.created_by)
    address = reverse("journal_read", args=[charter.pk])
    before = [client.get(address, query).context["journal"].entries for query in ({}, {"verb": Verb.VOTE_CAST.value})]
    for voter in voters:
        cast_vote(poll=consultation.polls.get(), by=voter, choice=Choice.FOR)
    after = [client.get(address, query).context["journal"].entries for query in ({}, {"verb": Verb.VOTE_CAST.value})]
    assert after == before
    assert Activity.objects.filter(charter=charter, verb=Verb.VOTE_CAST).count() == len(voters)


def test_the_journal_says_on_which_day_a_voice_spoke_not_at_what_minute(client: Client) -> None:
    charter = factories.charter(sections=1, clauses=1)
    consultation = factories.consultation_in(charter, ConsultationState.COMMENTING)
    clause = charter.sections.get().clauses.get()
    open_thread(consultation=consultation, clause=clause, by=factories.member(charter), body="A word.")
    client.force_login(charter.created_by)
    address = reverse("journal_read", args=[charter.pk])
    page = client.get(address, {"verb": Verb.THREAD_OPEN.value}).content.decode()
    assert re.findall(r'datetime="([^"]+)"', page) == [timezone.localdate().isoformat()]


def test_members_do_not_see_on_which_day_the_others_came(client: Client) -> None:
    charter = factories.charter()
    came = factories.member(charter)
    Person.objects.filter(pk=came.pk).update(last_login=timezone.now() - timedelta(days=40))
    client.force_login(factories.member(charter))
    page = client.get(reverse("member_read", args=[charter.pk])).content.decode()
    assert "<time" not in page


# ── Rights ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PARTICIPANT])
def test_revisions_that_were_never_opened_stay_with_the_drafters(client: Client, role: Role) -> None:
    charter = factories.charter(sections=1, clauses=1)
    consultation = factories.planned(charter)
    cancel_consultation(consultation=consultation, by=charter.created_by, reason="Too early.")
    revision = consultation.revisions.get()
    clause = charter.sections.get().clauses.get()
    addresses = [
        reverse("consultation", args=[consultation.pk]),
        reverse("revision", args=[revision.pk]),
        reverse("revision_comparison", args=[revision.pk]),
        reverse("thread_open", args=[charter.pk, clause.pk]),
    ]
    client.force_login(factories.member(charter, role))
    assert {client.get(address).status_code for address in addresses} == {HTTPStatus.NOT_FOUND}
    assert client.get(reverse("consultations", args=[charter.pk])).context["lines"] == []
    client.force_login(charter.created_by)
    assert {client.get(address).status_code for address in addresses} == {HTTPStatus.OK}


def test_the_journal_keeps_the_working_text_from_those_who_do_not_read_it(client: Client) -> None:
    charter = factories.charter(sections=1, clauses=1)
    factories.clause(charter.sections.get(), title="Not for you yet")
    address = reverse("journal_read", args=[charter.pk])
    client.force_login(factories.member(charter))
    assert "Not for you yet" not in client.get(address).content.decode()
    client.force_login(charter.created_by)
    assert "Not for you yet" in client.get(address).content.decode()


# ── Time, and the chain ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_vote_extended_while_it_was_found_due_disturbs_no_reader() -> None:
    charter = factories.charter(sections=1, clauses=1)
    poll = factories.consultation_in(charter, ConsultationState.VOTING).polls.get()
    extend_poll(poll=poll, by=charter.created_by, closes_at=factories.hours(72))
    closing.close_due(charter, now=factories.hours(73))  # its clock, by which the vote was due, is not the database's
    assert Poll.objects.get(pk=poll.pk).state == "open"


def test_a_redacted_entry_that_still_says_something_is_a_fault() -> None:
    charter = factories.charter()
    detail = ActivityDetail.objects.filter(activity__charter=charter).first()
    assert detail is not None
    ActivityDetail.objects.filter(pk=detail.pk).update(payload={"title": "forged"}, redacted_at=timezone.now())
    assert [fault.what for fault in verify(charter)] == ["redacted, and yet it says something"]


def test_who_mistypes_a_password_behind_the_proxy_does_not_lock_the_company_out(settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()
    person = factories.person(password=PASSWORD)
    for attempt in range(12):  # allauth's limit: 10 a minute from one address
        wrong = {"login": f"nobody{attempt}@example.org", "password": "wrong"}
        Client().post(reverse("account_login"), wrong, headers={"x-forwarded-for": "203.0.113.5"})
    right = {"login": person.email, "password": PASSWORD}
    held = Client().post(reverse("account_login"), right, headers={"x-forwarded-for": "203.0.113.5"})
    free = Client().post(reverse("account_login"), right, headers={"x-forwarded-for": "203.0.113.5, 203.0.113.6"})
    cache.clear()
    assert (held.status_code, free.status_code) == (HTTPStatus.OK, HTTPStatus.FOUND)


# ── Denial ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("number", [1, 12])
def test_other_charters_of_a_person_cost_no_query_each(client: Client, number: int) -> None:
    person = factories.person()
    made = [factories.charter(person, sections=1, clauses=1) for _ in range(number)]
    consultation = factories.consultation_in(made[0], ConsultationState.COMMENTING)
    client.force_login(person)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("consultation", args=[consultation.pk]))
    assert len(queries) <= 19


def test_a_section_of_many_clauses_turned_round_is_compared_at_once() -> None:
    old = [
        RevisionClause(clause_id=number, number=f"U{number}", title="T", nature="information") for number in range(600)
    ]
    start = time.process_time()
    found = changes(old, old[::-1], {}, {})
    assert time.process_time() - start < 5
    assert found.changed == len(old) - 1


def test_two_sections_of_one_edition_that_share_a_place_are_sealed_in_the_order_they_were_adopted_in() -> None:
    charter = factories.charter(sections=3, clauses=1)
    factories.edition(charter)
    _first, second, _third = charter.sections.all()
    move_section(section=second, by=charter.created_by, index=0)
    added = factories.section(charter, title="Where the second was")
    move_section(section=added, by=charter.created_by, index=2)
    factories.clause(factories.fresh(added))
    consultation = factories.consultation_in(charter, ConsultationState.VOTING, sections=[added])
    edition = factories.adopted(factories.concluded(consultation, {charter.created_by: Choice.FOR}))
    positions = list(edition.sections.values_list("position", flat=True))
    assert len(set(positions)) < len(positions)
    assert edition_document(edition).sha256 == edition.sha256
