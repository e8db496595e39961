"""The whole life of a charter in a browser: from the template to a sealed PDF, each step by the right person."""

import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext

from charters.models import Charter, Clause, Consultation, Edition, Membership, Person, Poll, Thread
from tests import factories
from tests.e2e.actor import Actor

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "ensemble-et-longtemps"
ADMIN = "camille@orvane.example"
PEOPLE = {  # name: (e-mail, college, role)
    "Idris": ("idris@orvane.example", "communications", "drafter"),
    "Elodie": ("elodie@orvane.example", "employees", "participant"),
    "Nadia": ("nadia@orvane.example", "representatives", "participant"),
}
NEW_WORDS = "Il lui est recommandé d’indiquer, une fois dans son profil, son lien avec l’entreprise."
REMARK = "Une fois dans le profil suffit-elle ?"


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def people(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext], live_server: object
) -> dict[str, Actor]:
    """One browser each: the administrator, a drafter, an employee on a phone, a staff representative."""
    found = {}
    for name in ("Camille", *PEOPLE):
        viewport = {"width": 390 if name == "Elodie" else 1280, "height": 900}
        context = new_context(base_url=live_server.url, java_script_enabled=request.param, viewport=viewport)
        found[name] = Actor(name, context, javascript=request.param)
    return found


def test_from_the_template_to_a_sealed_pdf(
    people: dict[str, Actor], tmp_path: Path, program: Callable[[str], str]
) -> None:
    charter = create_and_invite(people)
    clause = Clause.objects.get(section__charter=charter, title="Dire d’où l’on parle")
    draft(people, clause)
    collide(people["Idris"], people["Camille"], clause)
    consultation = submit_and_open(people, charter)
    thread = comment_and_answer(people, charter, clause)
    revise(people, consultation, clause, thread)
    vote(people, consultation)
    edition = conclude_and_adopt(people, consultation)
    publish(people, edition, tmp_path, program)
    check_the_journal(people, charter)


# ── 1. The administrator creates the charter and invites ──────────────────────────────────────────────────────────────
def create_and_invite(people: dict[str, Actor]) -> Charter:
    Person.objects.create_superuser(name="Camille Besnard", email=ADMIN, password=PASSWORD)
    camille = people["Camille"]
    camille.sign_in_by_password(ADMIN, PASSWORD)
    camille.go("/charters/new/")
    camille.page.fill("main [name=title]", "Charte des médias sociaux")
    camille.page.select_option("main [name=language]", "fr")
    camille.page.check("main [name=start][value=template]")
    camille.page.select_option("main [name=college]", "hr")
    camille.press("main form button[type=submit]")
    charter = Charter.objects.get()
    for name, (email, college, role) in PEOPLE.items():
        camille.go(f"/charters/{charter.pk}/invitations/")
        camille.page.fill("main [name=name]", name)
        camille.page.fill("main [name=email]", email)
        camille.page.select_option("main [name=college]", str(charter.colleges.get(kind=college).pk))
        camille.page.select_option("main [name=role]", role)
        camille.press("main form button[type=submit]")
    assert Membership.objects.filter(charter=charter).count() == 4
    for name, (email, _college, _role) in PEOPLE.items():
        people[name].sign_in_by_code(email)
    assert people["Elodie"].fetch(f"/charters/{charter.pk}/invitations/") == 403
    return charter


# ── 2. Drafters write; a clause has its history; nobody overwrites anybody ────────────────────────────────────────────
def draft(people: dict[str, Actor], clause: Clause) -> None:
    charter = clause.section.charter
    for name in ("Elodie", "Nadia"):
        people[name].go(f"/charters/{charter.pk}/text/", status=404)
        people[name].go(f"/clauses/{clause.pk}/", status=404)
    idris = people["Idris"]
    idris.go(f"/charters/{charter.pk}/text/")
    before = clause.body
    write(idris, clause, NEW_WORDS)
    clause.refresh_from_db()
    assert clause.body == NEW_WORDS
    assert clause.history.first().history_user.name == "Idris"
    idris.go(f"/clauses/{clause.pk}/history/")
    assert idris.page.locator("main ins").count()
    assert idris.page.locator("main del").count()
    idris.press("button[formaction*='/history/']")
    clause.refresh_from_db()
    assert clause.body == before
    write(idris, clause, NEW_WORDS)


def write(actor: Actor, clause: Clause, words: str) -> None:
    actor.go(f"/clauses/{clause.pk}/")
    actor.page.fill("main [name=body]", words)
    save(actor)


def save(actor: Actor) -> None:
    actor.press("button[name=then][value=done]")


def collide(first: Actor, second: Actor, clause: Clause) -> None:
    """Both open the clause; the second to save sees both texts, and chooses."""
    for actor, words in ((first, f"{NEW_WORDS} Merci."), (second, f"{NEW_WORDS} S’il vous plaît.")):
        actor.go(f"/clauses/{clause.pk}/")
        actor.page.fill("main [name=body]", words)
    save(first)
    second.page.locator("button[name=then][value=done]").click()
    second.page.locator("[name=settle]").first.wait_for()
    second.look()
    assert "Merci." in second.words
    assert "S’il vous plaît." in second.page.content()
    clause.refresh_from_db()
    assert clause.body.endswith("Merci.")
    second.page.check("main [name=settle][value=mine]")
    save(second)
    clause.refresh_from_db()
    assert clause.body.endswith("S’il vous plaît.")
    assert clause.history.filter(body__endswith="Merci.").exists()
    write(first, clause, NEW_WORDS)


# ── 3. A drafter submits, an administrator opens ──────────────────────────────────────────────────────────────────────
def submit_and_open(people: dict[str, Actor], charter: Charter) -> Consultation:
    idris, elodie, camille = people["Idris"], people["Elodie"], people["Camille"]
    assert elodie.fetch(f"/charters/{charter.pk}/consultations/new/") in {403, 404}
    idris.go(f"/charters/{charter.pk}/consultations/new/")
    idris.press("main form.submission button[type=submit], main form button.button[type=submit]")
    consultation = Consultation.objects.get()
    assert (consultation.state, consultation.revisions.count()) == ("planned", 5)
    elodie.go(f"/consultations/{consultation.pk}/", status=404)
    assert idris.fetch(f"/consultations/{consultation.pk}/opening/") == 403
    camille.go(f"/consultations/{consultation.pk}/")
    camille.press("form[action$='/opening/'] button")
    elodie.go(f"/consultations/{consultation.pk}/")
    return consultation


# ── 4. Everyone comments, drafters answer ─────────────────────────────────────────────────────────────────────────────
def comment_and_answer(people: dict[str, Actor], charter: Charter, clause: Clause) -> Thread:
    elodie, nadia, idris = people["Elodie"], people["Nadia"], people["Idris"]
    elodie.go(f"/charters/{charter.pk}/")
    elodie.go(f"/charters/{charter.pk}/clauses/{clause.pk}/threads/")
    elodie.page.fill("#write textarea, form.write textarea", REMARK)
    elodie.press("form.write button[type=submit]")
    thread = Thread.objects.get()
    assert REMARK in elodie.page.locator("main").text_content()
    assert "Elodie" not in elodie.page.locator("main").text_content()
    nadia.go(f"/threads/{thread.key}/")
    assert REMARK in nadia.page.locator("main").text_content()
    nadia.go(f"/threads/{thread.key}/replies/")
    nadia.page.fill("main textarea[name=body]", "Le comité pose la même question.")
    answered(nadia, "replies")
    assert elodie.fetch(f"/threads/{thread.key}/responses/", {"kind": "accepted", "body": "Oui."}) == 403
    idris.go(f"/threads/{thread.key}/responses/")
    idris.page.check("main [name=kind][value=accepted]")
    idris.page.fill("form[action$='/responses/'] textarea", "Oui : nous l’écrivons dans la prochaine révision.")
    answered(idris, "responses")
    assert (thread.comments.count(), thread.responses.get().kind) == (2, "accepted")
    elodie.go("/")
    assert "Dire d’où l’on parle" in elodie.words
    return thread


def answered(actor: Actor, what: str) -> None:
    """Send the form and wait for its answer, a page or a fragment."""
    with actor.page.expect_response(lambda response: response.request.method == "POST" and what in response.url):
        actor.page.locator(f"form[action$='/{what}/'] button[type=submit]").first.click()
    actor.page.wait_for_load_state("networkidle")
    actor.look()


# ── 4b. Comments end; the drafter revises; the thread is carried over ─────────────────────────────────────────────────
def revise(people: dict[str, Actor], consultation: Consultation, clause: Clause, thread: Thread) -> None:
    camille, idris, elodie = people["Camille"], people["Idris"], people["Elodie"]
    camille.go(f"/consultations/{consultation.pk}/")
    camille.press("form[action$='/end-of-comments/'] button")
    path = f"/charters/{consultation.charter_id}/clauses/{clause.pk}/threads/"
    assert elodie.fetch(path, {"body": "Trop tard ?"}) == 409
    write(idris, clause, f"{NEW_WORDS} Une mention dans le profil suffit.")
    idris.go(f"/consultations/{consultation.pk}/revisions/")
    idris.press("main form button[type=submit]")
    revision = clause.section.revisions.get(number=2)
    assert thread.anchors.get(revision=revision).state == "changed"
    elodie.go(f"/revisions/{revision.pk}/comparison/")
    assert "Une mention dans le profil suffit." in " ".join(elodie.page.locator("main ins").all_text_contents())
    elodie.go(f"/threads/{thread.key}/")


# ── 5. The vote ───────────────────────────────────────────────────────────────────────────────────────────────────────
def vote(people: dict[str, Actor], consultation: Consultation) -> None:
    camille = people["Camille"]
    assert people["Idris"].fetch(f"/consultations/{consultation.pk}/polls/") == 403
    camille.go(f"/consultations/{consultation.pk}/polls/")
    camille.press("main form button[type=submit]")
    polls = list(consultation.polls.order_by("pk"))
    assert len(polls) == 5
    for name, actor in people.items():
        for rank, poll in enumerate(polls):
            cast(actor, poll, "against" if name == "Nadia" and rank == 0 else "for")
    elodie = people["Elodie"]
    cast(elodie, polls[1], "abstain")  # her group is then at 0–0, which never passes
    assert elodie.page.locator("main svg.chart").count() == 0  # no partial result
    for poll in polls:
        factories.past_its_close(poll)
    assert elodie.fetch(f"/polls/{polls[0].pk}/votes/", {"choice": "against"}) == 409
    elodie.go(f"/polls/{polls[0].pk}/")
    assert Poll.objects.get(pk=polls[0].pk).state == "counted"
    assert elodie.page.locator("main svg.chart").count()
    count = polls[0].count
    assert [(row["for"], row["against"]) for row in count.results] == [(1, 0), (1, 0), (1, 0), (0, 1)]


def cast(actor: Actor, poll: Poll, choice: str) -> None:
    actor.go(f"/polls/{poll.pk}/")
    actor.page.check(f"main [name=choice][value={choice}]")
    actor.press("form.ballot button[type=submit]")


# ── 6. Adoption, with its written reason ──────────────────────────────────────────────────────────────────────────────
def conclude_and_adopt(people: dict[str, Actor], consultation: Consultation) -> Edition:
    camille, nadia = people["Camille"], people["Nadia"]
    camille.go(f"/consultations/{consultation.pk}/conclusion/")
    camille.press("main form button[type=submit]")
    assert nadia.fetch(f"/consultations/{consultation.pk}/edition/") == 403
    camille.go(f"/consultations/{consultation.pk}/edition/")
    for box in camille.page.locator("main input[type=checkbox]").all():
        box.check()
    camille.page.locator("main form button[type=submit]").click()
    camille.page.locator("main .field--error").first.wait_for()  # two results are against: reasons are due
    camille.look()
    assert not Edition.objects.exists()
    for box in camille.page.locator("main textarea").all():
        box.fill("L’employeur retient ce texte : la réserve sera reprise à la prochaine consultation.")
    camille.press("main form button[type=submit]")
    edition = Edition.objects.get()
    assert [row.basis for row in edition.sections.all()] == ["against", "against", "advised", "advised", "advised"]
    assert edition.works_rules
    return edition


# ── 7. The sealed PDF ─────────────────────────────────────────────────────────────────────────────────────────────────
def publish(people: dict[str, Actor], edition: Edition, folder: Path, program: Callable[[str], str]) -> None:
    camille, elodie = people["Camille"], people["Elodie"]
    assert elodie.fetch(f"/editions/{edition.pk}/publication/") == 403
    camille.go(f"/editions/{edition.pk}/")
    camille.context.set_default_timeout(60_000)
    camille.press("form[action$='/publication/'] button")
    elodie.go(f"/editions/{edition.pk}/")
    path = elodie.download("main a[href$='/file/'].button", folder / "edition.pdf")
    told = subprocess.run([program("pdfsig"), "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told, told
    assert "Total document signed" in told, told
    words = subprocess.run([program("pdftotext"), str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "Une mention dans le profil suffit" in " ".join(words.split())


# ── 8. The journal ────────────────────────────────────────────────────────────────────────────────────────────────────
def check_the_journal(people: dict[str, Actor], charter: Charter) -> None:
    people["Nadia"].go(f"/charters/{charter.pk}/journal/")
    shown = people["Nadia"].page.locator("main tbody tr").count()
    assert shown == min(50, charter.activities.exclude(verb="vote_cast").count())  # votes one by one would be a turnout
    told = StringIO()
    call_command("verify_activity", stdout=told)
    verbs = set(charter.activities.values_list("verb", flat=True))
    assert {"charter_create", "member_invite", "clause_edit", "consultation_plan", "thread_answer"} <= verbs
    assert {"poll_open", "vote_cast", "poll_count", "edition_adopt", "edition_publish"} <= verbs
    for path in ("members", "rights", "editions", "polls", "consultations"):
        people["Elodie"].go(f"/charters/{charter.pk}/{path}/")
