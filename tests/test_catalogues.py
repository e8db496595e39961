"""scripts/messages.py and found_strings.py: what they find is what Django will look up, and what they refuse is wrong."""

import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message

sys.path.append(str(Path(__file__).resolve().parent.parent / "scripts"))  # they are programs, not a package

import found_strings
import messages

TEMPLATE = """{% load i18n %}
{% translate "Plain" %} {% trans "With context" context "verb" as x %} {% translate "Not shown" noop %}
{% translate variable %} {% comment %}{% translate "Hidden" %}{% endcomment %}
{{ _("In a variable") }} {{ x|default:_("In a filter") }}
{% if x == _("In a tag") %}{% with y=_("In an argument") %}{% translate "Nested" %}{% endwith %}{% endif %}
{% translate "100 % sure" %}
{% blocktranslate trimmed with name=x %}
  Hello
  {{ name }}, 5 %
{% endblocktranslate %}
{% blocktranslate count n=x context "votes" %}{{ n }} vote{% plural %}{{ n }} votes{% endblocktranslate %}
"""
PYTHON = """
from django.utils import translation
from django.utils.translation import gettext as _, ngettext, pgettext_lazy as _p
_("Plain"); ngettext("%d vote", "%d votes", n); _p("verb", "Lock"); translation.gettext("By module")
_("In " "two parts"); _(variable); "Not translated"
"""


def test_templates(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(TEMPLATE)
    assert set(found_strings.in_template(path)) == {
        (None, "Plain", None),
        ("verb", "With context", None),
        (None, "In a variable", None),
        (None, "In a filter", None),
        (None, "In a tag", None),
        (None, "In an argument", None),
        (None, "Nested", None),
        (None, "100 %% sure", None),
        (None, "Hello %(name)s, 5 %%", None),
        ("votes", "%(n)s vote", "%(n)s votes"),
    }


def test_python(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(PYTHON)
    assert set(found_strings.in_python(path)) == {
        (None, "Plain", None),
        (None, "%d vote", "%d votes"),
        ("verb", "Lock", None),
        (None, "By module", None),
        (None, "In two parts", None),
    }


def test_an_f_string_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text('from django.utils.translation import gettext as _\n_(f"Hello {name}")')
    with pytest.raises(SystemExit, match="one literal"):
        list(found_strings.in_python(path))


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("Save", "", "not translated"),
        ("Hello %(name)s", "Bonjour %(nom)s", "placeholders differ"),
        ("Hello %(name)s", "Bonjour", "placeholders differ"),
        ("Sure?", "Sûr ?", "U+202F"),
        ("Sure?", "Sûr?", "U+202F"),
        ("Sure?", "Sûr\u00a0?", "U+202F"),
        ("Name:", "Nom :", "U+00A0 before"),
        ("Name:", "Nom:", "U+00A0 before"),
        ("“Yes”", "« Oui »", "U+00A0 inside"),
    ],
)
def test_refused(source: str, translation: str, fault: str) -> None:
    assert any(fault in found for found in messages.faults(Message(source, translation)))


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Sure?", "Sûr\u202f?"),
        ("Really?!", "Vraiment\u202f?!"),
        ("Name: %(name)s", "Nom\u00a0: %(name)s"),
        ("See https://example.org?a=1;b at 10:30", "Voir https://example.org?a=1;b à 10:30"),
        ("“Yes” &amp; <b style='a:b;c'>no</b>", "«\u00a0Oui\u00a0» &amp; <b style='a:b;c'>non</b>"),
        ("Not known (?)", "Inconnu (?)"),
    ],
)
def test_accepted(source: str, translation: str) -> None:
    assert list(messages.faults(Message(source, translation))) == []


def test_a_singular_may_leave_the_number_out() -> None:
    assert list(messages.faults(Message(("%(n)s vote", "%(n)s votes"), ("Une voix", "%(n)s voix")))) == []
    assert list(messages.faults(Message(("%(n)s vote", "%(n)s votes"), ("Une voix", "Des voix"))))


def test_compiling_twice_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    catalog = messages.new_catalog("fr")
    catalog.add("Save", "Enregistrer")
    catalog.add(("%(n)s vote", "%(n)s votes"), ("%(n)s voix", "%(n)s voix"), context="count")
    messages.save(catalog, "fr")
    first = messages.compiled("fr")
    messages.save(messages.merged(messages.read("fr"), "fr"), "fr")
    assert messages.compiled("fr") == first
    assert "Date" not in (tmp_path / "fr/LC_MESSAGES/django.po").read_text()
