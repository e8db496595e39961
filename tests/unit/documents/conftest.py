"""An edition of the template's own text, as the product would fill it in, without a database."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from charters.documents.authority import Authority
from charters.documents.canonical import CharterText, ClauseText, SectionText, canonical_text, digest
from charters.documents.edition import (
    EditionClauseDocument,
    EditionCollegeDocument,
    EditionDocument,
    EditionPollDocument,
    EditionResultDocument,
    EditionSectionDocument,
)
from charters.documents.markdown import render
from charters.documents.markdown_grammar import SUBSET
from charters.documents.markdown_html import clean, to_html

TEMPLATE = json.loads(Path("charters/content/template.json").read_text())
COLLEGES = (
    EditionCollegeDocument(kind="hr", initials="RH", name="Ressources humaines"),
    EditionCollegeDocument(kind="communications", initials="C", name="Communication"),
    EditionCollegeDocument(kind="employees", initials="S", name="Salariés"),
    EditionCollegeDocument(kind="representatives", initials="RP", name="Représentants du personnel"),
)
RESULTS = tuple(
    EditionResultDocument(
        kind=kind, roll_size=roll, marked=sum(votes), votes_for=votes[0], votes_against=votes[1],
        votes_abstain=votes[2], decision=decision, disclosed=disclosed,
    )
    for kind, roll, votes, decision, disclosed in (
        ("hr", 6, (5, 1, 0), "approved", True),
        ("communications", 37, (3, 1, 0), "approved", True),
        ("employees", 212, (121, 18, 5), "approved", True),
        ("representatives", 11, (9, 0, 0), "approved", True),
    )
)  # fmt: skip


def _clause(clause: dict[str, Any], language: str) -> EditionClauseDocument:
    return EditionClauseDocument(
        number=clause["code"],
        nature=clause["nature"],
        nature_label=TEMPLATE["natures"][clause["nature"]][language],
        title=clause["title"][language],
        html=render(clause["body"][language]),
        references=tuple(clause["references"]),
        comments=(("employees", 3), ("representatives", 1)),
    )


def _text(section: dict[str, Any], language: str) -> SectionText:
    clauses = tuple(
        ClauseText(c["code"], c["code"], c["nature"], c["title"][language], c["body"][language], tuple(c["references"]))
        for c in section["clauses"]
    )
    return SectionText(section["kind"], section["kind"], section["title"][language], "", clauses)


@pytest.fixture(scope="session")
def edition() -> Callable[..., EditionDocument]:
    """Make an edition of the whole template; any field can be given."""

    def make(language: str = "fr", **fields: Any) -> EditionDocument:
        sections = tuple(
            EditionSectionDocument(
                anchor=f"s{rank}",
                title=section["title"][language],
                summary=section["summary"][language],
                revision_number=rank,
                basis="against" if rank == 3 else "advised",
                reason="Le service juridique demande que la liste des porte-parole soit tenue." if rank == 3 else "",
                clauses=tuple(_clause(clause, language) for clause in section["clauses"]),
            )
            for rank, section in enumerate(TEMPLATE["sections"], start=1)
        )
        title = "Charte des médias sociaux"
        text = canonical_text(CharterText(title, language, tuple(_text(s, language) for s in TEMPLATE["sections"])))
        polls = tuple(
            EditionPollDocument(
                title=section.title,
                revision_number=section.revision_number,
                closes_at=datetime(2026, 1, 9, 23, 30, tzinfo=UTC),
                outcome="Avis favorable de chacun des quatre collèges.",
                results=RESULTS,
            )
            for section in sections
        )
        values: dict[str, Any] = {
            "company": "Orvane", "charter_title": title, "edition_number": 1, "language": language,
            "adopted_at": datetime(2026, 1, 31, 23, 30, tzinfo=UTC), "adopted_by_title": "l’employeur",
            "effective_date": date(2026, 3, 16), "works_rules": True, "sections": sections, "colleges": COLLEGES,
            "polls": polls, "comments": 1212, "answered_threads": 98, "sha256": digest(text),
            "canonical_text": text.encode(), "time_zone": "Europe/Paris",
        }  # fmt: skip
        return EditionDocument(**(values | fields))

    return make


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Make one authority for all tests: its keys take a second."""
    return Authority.load_or_create(tmp_path_factory.mktemp("authority"), organisation="Orvane")


@pytest.fixture(scope="session")
def by_both_readers() -> Callable[[str], tuple[str, str]]:
    """The HTML of a canonical text by Python-Markdown and by markdown-it: they put line feeds in different places."""
    return lambda text: (to_html(text).replace("\n", ""), clean(SUBSET.render(text)).replace("\n", ""))
