"""Adopting by the form, reading an edition, publishing it, downloading the file; and the two commands."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charters.actions.editions import publish_edition
from charters.actions.polls import cast_vote
from charters.enums import Choice, ConsultationState, EditionState, Nature, PollState
from charters.models import Activity, Consultation, Edition, EditionFile, Person
from tests import factories, needs
from tests.guards import lifted

pytestmark = pytest.mark.django_db
C = ConsultationState
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2)


def get(client: Client, who: Person, name: str, pk: int, status: int = 200) -> str:
    client.force_login(who)
    response = client.get(reverse(name, args=[pk]), **ENGLISH)
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, who: Person, name: str, pk: int, **data: Any) -> Any:
    client.force_login(who)
    return client.post(reverse(name, args=[pk]), data, **ENGLISH)


def concluded(world: Any, *choices: Choice) -> Consultation:
    """A concluded consultation whose first vote went `choices[0]` and second `choices[1]`, by the administrator alone."""
    consultation = factories.consultation_in(world.charter, C.VOTING)
    for poll, choice in zip(consultation.polls.order_by("revision__position"), choices, strict=False):
        cast_vote(poll=poll, by=world.administrator, choice=choice)
    return factories.concluded(consultation)


# ── Adopting ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_form_takes_what_was_approved_and_asks_the_reason_of_the_rest(client: Client, world: Any) -> None:
    consultation = concluded(world, Choice.FOR, Choice.AGAINST)
    client.force_login(world.administrator)
    page = client.get(reverse("edition_adopt", args=[consultation.pk]), **ENGLISH)
    first, second = page.context["rows"]
    assert (first.take.initial, first.reason) == (True, None)
    assert (second.take.initial, second.reason is not None) == (False, True)
    html = page.content.decode()
    assert "Favourable opinion of Human resources." in html
    assert "Unfavourable opinion of Human resources." in html
    assert "goes without this section" in html
    assert "L1321-6" in html


def test_the_date_suggested_leaves_time_for_the_formalities(client: Client, world: Any) -> None:
    factories.clause(world.sections[0], nature=Nature.OBLIGATION)
    consultation = concluded(world, Choice.FOR, Choice.FOR)
    html = get(client, world.administrator, "edition_adopt", consultation.pk)
    assert (timezone.localdate() + timedelta(days=45)).isoformat() in html
    assert "Works-rules track" in html
    other = factories.world(sections=1)
    html = get(client, other.administrator, "edition_adopt", concluded(other, Choice.FOR).pk)
    assert (timezone.localdate() + timedelta(days=1)).isoformat() in html
    assert "Works-rules track" not in html


def adoption(consultation: Consultation, **changes: str) -> dict[str, str]:
    one, two = (r.section_id for r in consultation.revisions.order_by("position"))
    names = {"one": f"take_{one}", "two": f"take_{two}", "why": f"reason_{two}"}
    data = {names.get(key, key): value for key, value in changes.items()}
    return {"effective_date": factories.in_two_months().isoformat()} | data


def test_an_error_keeps_everything_typed(client: Client, world: Any) -> None:
    consultation = concluded(world, Choice.FOR, Choice.AGAINST)
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    for data in (
        adoption(consultation, one="on", two="on"),
        adoption(consultation, one="on", two="on", why="My reason.", effective_date=day),
        adoption(consultation, one="on", two="on", why="My reason.", effective_date=""),
        adoption(consultation),
    ):
        response = post(client, world.administrator, "edition_adopt", consultation.pk, **data)
        assert response.status_code == 422
        html = response.content.decode()
        assert html.count(" checked") == sum(key.startswith("take_") for key in data)
        assert ("My reason." in html) is ("My reason." in data.values())
    assert not Edition.objects.exists()


def test_adopted_the_edition_says_on_what_ground(client: Client, world: Any) -> None:
    consultation = concluded(world, Choice.FOR, Choice.AGAINST)
    data = adoption(consultation, one="on", two="on", why="The risk is ours.")
    response = post(client, world.administrator, "edition_adopt", consultation.pk, **data)
    edition = Edition.objects.get()
    assert response.headers["Location"] == reverse("edition_read", args=[edition.pk])
    for who in (world.observer, world.participant, world.administrator):
        html = get(client, who, "edition_read", edition.pk)
        for said in ("The risk is ours.", edition.sha256, "not qualified", "Internal time stamp", "Clause 1.1"):
            assert said in html
        assert ("Seal and publish" in html) is (who == world.administrator)
    get(client, world.stranger, "edition_read", edition.pk, 404)
    get(client, world.administrator, "edition_adopt", consultation.pk, 409)


def test_adopting_is_for_administrators_once_concluded(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.VOTING)
    get(client, world.administrator, "edition_adopt", consultation.pk, 409)
    for who in (world.drafter, world.participant, world.observer):
        get(client, who, "edition_adopt", consultation.pk, 403)


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_states_follow_from_the_files(client: Client, world: Any) -> None:
    first = factories.edition(world.charter, published=True)
    factories.rewrite(world.clause, "Other words.")
    second = factories.edition(world.charter)
    client.force_login(world.observer)

    def states() -> list[str]:
        page = client.get(reverse("editions", args=[world.charter.pk]), **ENGLISH).context["page"]
        return [line.state for line in page.editions]

    assert states() == [EditionState.ADOPTED, EditionState.PUBLISHED]
    publish_edition(edition=second, by=world.administrator, content=factories.PDF)
    assert states() == [EditionState.PUBLISHED, EditionState.SUPERSEDED]
    assert "A later edition replaces this one." in get(client, world.observer, "edition_read", first.pk)


def test_a_concluded_consultation_waits_for_whoever_adopts(client: Client, world: Any) -> None:
    concluded(world, Choice.FOR, Choice.FOR)
    assert "Prepare the adoption" in get(client, world.administrator, "editions", world.charter.pk)
    html = get(client, world.participant, "editions", world.charter.pk)
    assert "Prepare the adoption" not in html
    assert "No edition yet" in html


def test_a_text_that_was_tampered_with_is_said_and_not_sealed(client: Client, world: Any) -> None:
    edition = factories.edition(world.charter)
    with lifted(connection):
        Edition.objects.filter(pk=edition.pk).update(canonical_text=edition.canonical_text.replace("kind", "rude"))
    assert "no longer has the fingerprint" in get(client, world.observer, "edition_read", edition.pk)
    response = post(client, world.administrator, "edition_publish", edition.pk)
    assert response.status_code == 409
    assert not EditionFile.objects.exists()


@pytest.mark.parametrize(("name", "queries"), [("editions", 9), ("edition_read", 9)])
def test_as_many_queries_for_one_as_for_three(
    client: Client, django_assert_num_queries: Any, name: str, queries: int
) -> None:
    for number in (1, 3):
        charter = factories.charter(sections=number)
        reader = factories.member(charter)
        for round_ in range(number):
            clause = charter.sections.first().clauses.first()
            factories.rewrite(clause, f"Words of round {round_}.")
            edition = factories.edition(charter, published=True)
        client.force_login(reader)
        with django_assert_num_queries(queries):
            client.get(reverse(name, args=[charter.pk if name == "editions" else edition.pk]))


# ── Publishing and downloading ────────────────────────────────────────────────────────────────────────────────────────
@needs.pdf
def test_published_sealed_and_downloaded(client: Client, world: Any, settings: Any, tmp_path: Path) -> None:
    settings.AUTHORITY_DIR = tmp_path / "authority"
    edition = factories.edition(world.charter)
    get(client, world.observer, "edition_download", edition.pk, 409)
    assert post(client, world.drafter, "edition_publish", edition.pk).status_code == 403
    for _ in range(2):
        assert post(client, world.administrator, "edition_publish", edition.pk).status_code == 302
    client.force_login(world.observer)
    response = client.get(reverse("edition_download", args=[edition.pk]))
    assert response.content == bytes(EditionFile.objects.get().content)
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="social-media-charter-edition-1.pdf"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    html = get(client, world.observer, "edition_read", edition.pk)
    assert EditionFile.objects.get().sha256 in html
    assert "validity unknown" in html
    get(client, world.stranger, "edition_download", edition.pk, 404)


@needs.pdf
def test_a_seal_that_cannot_be_made_is_said_and_nothing_is_published(
    client: Client, world: Any, settings: Any, tmp_path: Path
) -> None:
    settings.AUTHORITY_DIR = tmp_path / "authority"
    edition = factories.edition(world.charter)
    settings.AUTHORITY_DIR.mkdir()
    (settings.AUTHORITY_DIR / "root.pem").write_text("not a certificate")
    response = post(client, world.administrator, "edition_publish", edition.pk)
    assert response.status_code == 409
    assert "nothing was published" in response.content.decode()
    assert not EditionFile.objects.exists()


def test_without_pango_the_button_says_what_to_install(client: Client, world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("charters.views.editions.pdf_available", lambda: False)  # as on a machine without the library
    edition = factories.edition(world.charter)
    html = get(client, world.administrator, "edition_read", edition.pk)
    assert "apt-get install libpango-1.0-0" in html
    assert 'aria-disabled="true" aria-describedby="why-publish"' in html
    assert "can be printed" in html


# ── Commands ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_tick_closes_what_is_due_and_says_so(world: Any) -> None:
    poll = factories.consultation_in(world.charter, C.VOTING).polls.first()
    factories.past_its_close(poll)
    assert "closed: 1" in run("tick")
    assert factories.fresh(poll).state == PollState.COUNTED
    assert "nothing due" in run("tick")


def test_verify_activity_says_where_a_chain_breaks(world: Any) -> None:
    assert "holds" in run("verify_activity")
    entry = Activity.objects.filter(charter=world.charter).order_by("sequence")[2]
    with lifted(connection):
        Activity.objects.filter(pk=entry.pk).update(verb="charter_read")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_activity", stdout=out)
    assert f"entry {entry.sequence}: changed after it was written" in out.getvalue()
    other = Activity.objects.exclude(charter=world.charter).first().charter_id
    assert "holds" in run("verify_activity", str(other))
    with pytest.raises(CommandError):
        run("verify_activity", "999999")
