"""The catalogues, without the gettext programs: Babel reads and writes them, Django's own parser finds the strings.

    .venv/bin/python scripts/messages.py extract   collect the strings of charters/ and templates/ into the .po files
    .venv/bin/python scripts/messages.py polish    put the French spaces where an ordinary one stands
    .venv/bin/python scripts/messages.py compile   write the .mo files, which are committed
    .venv/bin/python scripts/messages.py check     fail on what is missing, stale, fuzzy, wrong or not compiled

Strings are English in the code, so the English catalogue repeats them; it must exist all the same, because Django falls
back from a missing English string to the default language, which is French. No date, no line number and no guess goes
into a .po: a change of code that touches no string changes no catalogue.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from found_strings import in_python, in_template

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "charters" / "locale"
SOURCE, TRANSLATIONS = "en", ("fr",)


class StableCatalog(Catalog):
    """A catalogue whose header says nothing that changes by itself."""

    def _headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Cocharte"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    mime_headers = property(_headers)


def new_catalog(language: str) -> Catalog:
    """Return an empty catalogue for a language."""
    return StableCatalog(language, header_comment="# Written by scripts/messages.py (make messages).", fuzzy=False)


# ── Finding the strings ───────────────────────────────────────────────────────────────────────────────────────────────
def collect() -> Catalog:
    """Return the catalogue of everything there is to translate."""
    catalog = new_catalog(SOURCE)
    python = [path for folder in ("charters", "charter_project") for path in sorted((ROOT / folder).rglob("*.py"))]
    templates = [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    found = [item for path in python if "migrations" not in path.parts for item in in_python(path)]
    found += [item for path in templates for item in in_template(path)]
    for context, singular, plural in found:
        catalog.add((singular, plural) if plural else singular, context=context)
    return catalog


# ── Reading and writing catalogues ────────────────────────────────────────────────────────────────────────────────────
def po_path(language: str) -> Path:
    """Return where the catalogue of a language is."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return the catalogue as it stands (empty when there is none)."""
    if not po_path(language).exists():
        return new_catalog(language)
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language)


def entries(catalog: Catalog) -> list[Message]:
    """Return the messages without the header."""
    return [message for message in catalog if message.id]


def merged(template: Catalog, language: str) -> Catalog:
    """Return the template with the translations there are; the English one translates itself."""
    known, result = read(language), new_catalog(language)
    for message in entries(template):
        old = known.get(message.id, message.context)
        string = message.id if language == SOURCE else ("", "") if message.pluralizable else ""
        if language != SOURCE and old is not None and old.pluralizable == message.pluralizable:
            string = old.string
        result.add(message.id, string, context=message.context, user_comments=old.user_comments if old else ())
        if old is not None and old.fuzzy and language != SOURCE:
            result.get(message.id, message.context).flags.add("fuzzy")
    return result


def save(catalog: Catalog, language: str) -> None:
    """Write a .po, one line per string, in alphabetical order."""
    po_path(language).parent.mkdir(parents=True, exist_ok=True)
    with po_path(language).open("wb") as file:
        write_po(file, catalog, width=0, no_location=True, sort_output=True, ignore_obsolete=True)


def compiled(language: str) -> bytes:
    """Return the .mo that follows from the .po: always the same bytes."""
    stable = new_catalog(language)
    for message in entries(read(language)):
        if not message.fuzzy:
            stable.add(message.id, message.string, context=message.context)
    output = BytesIO()
    write_mo(output, stable)
    return output.getvalue()


# ── Checking ──────────────────────────────────────────────────────────────────────────────────────────────────────────
NARROW, WIDE = "\u202f", "\u00a0"
NOT_PROSE = re.compile(r"<[^>]*>|&#?\w+;|\w+://\S+|%\(\w+\)[sd]|%[sd]|\{\w*\}")
TYPOGRAPHY = (
    (re.compile(rf"[^\s(!?;.…{NARROW}][;!?]|[ {WIDE}][;!?]"), "U+202F before ; ! ?"),
    (re.compile(rf"\w:(?=\s|$)|[ {NARROW}]:"), "U+00A0 before :"),
    (re.compile(rf"«(?!{WIDE})|(?<!{WIDE})»"), "U+00A0 inside « »"),
)
POLISH = (
    (re.compile(rf"[ {WIDE}](?=[;!?])"), NARROW),
    (re.compile(rf"[ {NARROW}](?=[:»])"), WIDE),
    (re.compile(rf"«[ {NARROW}]"), "«" + WIDE),
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def texts(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the forms of an id or of a translation."""
    return (value,) if isinstance(value, str) else tuple(value)


def faults(message: Message) -> Iterator[str]:
    """Yield what is wrong with one French translation."""
    if message.fuzzy:
        yield "fuzzy"
    if not all(texts(message.string)):
        yield "not translated"
        return
    allowed = Counter(PLACEHOLDER.findall(texts(message.id)[-1]))
    for number, text in enumerate(texts(message.string)):
        used = Counter(PLACEHOLDER.findall(text))
        # A singular may leave the number out (« un avis »), never add one.
        if used - allowed or (number == len(texts(message.string)) - 1 and used != allowed):
            yield f"placeholders differ: {sorted(used)} instead of {sorted(allowed)}"
        prose = NOT_PROSE.sub(lambda match: "" if match[0][0] == "<" else "x", text)
        yield from (f"{rule}: {text}" for pattern, rule in TYPOGRAPHY if pattern.search(prose))


def problems() -> Iterator[str]:
    """Yield everything that `check` refuses."""
    template = collect()
    wanted = {(message.context, texts(message.id)) for message in entries(template)}
    for language in (SOURCE, *TRANSLATIONS):
        catalog = read(language)
        present = {(message.context, texts(message.id)) for message in entries(catalog)}
        yield from (f"{language}: missing (make messages): {ids[0]!r}" for _, ids in sorted(wanted - present, key=str))
        yield from (f"{language}: stale (make messages): {ids[0]!r}" for _, ids in sorted(present - wanted, key=str))
        yield from (f"{language}: obsolete (make messages): {key!r}" for key in catalog.obsolete)
        mo = po_path(language).with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != compiled(language):
            yield f"{language}: the .mo does not follow from the .po (make messages)"
        for message in entries(catalog):
            if language in TRANSLATIONS:
                yield from (f"{language}: {fault} ← {texts(message.id)[0]!r}" for fault in faults(message))
            elif texts(message.string) != texts(message.id):
                yield f"{language}: differs from the code (make messages): {message.id!r}"


# ── Commands ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def extract() -> None:
    """Bring every .po up to date with the code."""
    template = collect()
    for language in (SOURCE, *TRANSLATIONS):
        catalog = merged(template, language)
        save(catalog, language)
        empty = sum(not all(texts(message.string)) for message in entries(catalog))
        print(f"{language}: {len(catalog)} strings, {empty} to translate")


def polish() -> None:
    """Give French punctuation its no-break spaces, where some space stands already."""
    for language in TRANSLATIONS:
        catalog = merged(collect(), language)
        for message in entries(catalog):
            forms = list(texts(message.string))
            for pattern, space in POLISH:
                forms = [pattern.sub(space, form) for form in forms]
            message.string = tuple(forms) if message.pluralizable else forms[0]
        save(catalog, language)


def write_compiled() -> None:
    """Write the .mo files."""
    for language in (SOURCE, *TRANSLATIONS):
        po_path(language).with_suffix(".mo").write_bytes(compiled(language))


def check() -> None:
    """Print every problem and fail, or say that there is none."""
    found = list(problems())
    print("\n".join(found) if found else "The catalogues are complete.")
    sys.exit(bool(found))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "charter_project.settings")
    os.environ.setdefault("COCHARTE_ENV", "test")
    commands = {"extract": extract, "polish": polish, "compile": write_compiled, "check": check}
    command = commands.get("".join(sys.argv[1:]))
    if command is None:
        sys.exit(__doc__)
    import django

    django.setup()
    command()
