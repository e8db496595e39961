"""The journey once more, on a real policy as it was published: typed into a blank charter, voted on, adopted, sealed.

The text is CivicActions' social media policy of 26 March 2020 (CC BY 4.0, see tests/data/civicactions), cut at its headings.
"""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from charters.models import Charter, Consultation, Edition, Person
from tests import factories
from tests.e2e.actor import Actor

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

POLICY = Path(__file__).parents[1] / "data" / "civicactions" / "r12_2020-03-26_9aa22e7d.md"
EMAIL, PASSWORD = "admin@example.org", "a-long-enough-password"
KINDS = ["stakes", "practices", "communication", "conditions"]


def cut(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """[(section title, [(clause title, body)])]: `##` begins a section, `###` a clause; words before a `###` are one too."""
    sections: list[tuple[str, list[tuple[str, str]]]] = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        title = re.sub(r"<[^>]+>", "", title).strip()
        first, *others = re.split(r"^### ", rest, flags=re.MULTILINE)
        clauses = [(title, first.strip())] if first.strip() else []
        clauses += [(head.strip(), body.strip()) for head, _, body in (other.partition("\n") for other in others)]
        sections.append((title, clauses))
    return sections


def test_a_real_policy_becomes_a_sealed_pdf(
    new_context: Callable[..., BrowserContext], live_server: object, tmp_path: Path, program: Callable[[str], str]
) -> None:
    admin = Person.objects.create_superuser(name="Robin Hale", email=EMAIL, password=PASSWORD, language="en")
    actor = Actor(
        "Robin", new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB"), javascript=False
    )
    actor.sign_in_by_password(EMAIL, PASSWORD)
    charter = write(actor, cut(POLICY.read_text(encoding="utf-8")))
    consultation = consult(actor, charter)
    adopt(actor, consultation)
    edition = Edition.objects.get()
    actor.context.set_default_timeout(60_000)
    actor.press("form[action$='/publication/'] button")
    path = actor.download("main a[href$='/file/'].button", tmp_path / "policy.pdf")
    told = subprocess.run([program("pdfsig"), "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told, told
    words = subprocess.run([program("pdftotext"), str(path), "-"], capture_output=True, text=True, check=True).stdout
    words = " ".join(words.split())
    for sentence in ("Promoting the achievements of CivicActions team members", "Uses that require written consent"):
        assert sentence in words
    assert edition.adopted_by == admin


def write(actor: Actor, sections: list[tuple[str, list[tuple[str, str]]]]) -> Charter:
    """A blank charter, then each section and clause through its form."""
    actor.go("/charters/new/")
    actor.page.fill("main [name=title]", "Social media policy")
    actor.page.select_option("main [name=language]", "en")
    actor.page.check("main [name=start][value=blank]")
    actor.page.select_option("main [name=college]", "communications")
    actor.press("main form button[type=submit]")
    charter = Charter.objects.get()
    for (title, clauses), kind in zip(sections, KINDS, strict=True):
        actor.go(f"/charters/{charter.pk}/sections/")
        actor.page.select_option("main [name=kind]", kind)
        actor.page.fill("main [name=title]", title)
        actor.press("main form button[type=submit]")
        section = charter.sections.get(title=title)
        for heading, body in clauses:
            actor.go(f"/sections/{section.pk}/clauses/")
            actor.page.fill("main [name=title]", heading)
            actor.page.fill("main [name=body]", body)
            actor.page.check("main [name=nature][value=recommendation]")
            actor.press("button[name=then][value=done]")
    written = [(s.title, s.clauses.count()) for s in charter.sections.all()]
    assert written == [(title, len(clauses)) for title, clauses in sections]
    return charter


def consult(actor: Actor, charter: Charter) -> Consultation:
    """Submit everything, open, end the comments, vote, close."""
    actor.go(f"/charters/{charter.pk}/consultations/new/")
    actor.press("main form button.button[type=submit]")
    consultation = Consultation.objects.get()
    for step in ("opening", "end-of-comments"):
        actor.go(f"/consultations/{consultation.pk}/")
        actor.press(f"form[action$='/{step}/'] button")
    actor.go(f"/consultations/{consultation.pk}/polls/")
    actor.press("main form button[type=submit]")
    for poll in consultation.polls.order_by("pk"):
        actor.go(f"/polls/{poll.pk}/")
        actor.page.check("main [name=choice][value=for]")
        actor.press("form.ballot button[type=submit]")
        factories.past_its_close(poll)
    return consultation


def adopt(actor: Actor, consultation: Consultation) -> None:
    """Conclude, then take every section."""
    actor.go(f"/consultations/{consultation.pk}/conclusion/")
    actor.press("main form button[type=submit]")
    actor.go(f"/consultations/{consultation.pk}/edition/")
    for box in actor.page.locator("main input[type=checkbox]").all():
        box.check()
    actor.press("main form button[type=submit]")
