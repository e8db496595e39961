"""Creating a charter: from the template in French or English, or blank."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charters.actions.authorship import save_as
from charters.actions.clauses import write_clause
from charters.actions.journal import record
from charters.actions.positions import STEP
from charters.actions.wording import line
from charters.enums import CollegeKind, Language, Nature, Role, SectionKind, Verb
from charters.exceptions import BadInput
from charters.models import Charter, College, Membership, Person, Section
from charters.policy import require

STANDARD_COLLEGES = (
    CollegeKind.HR, CollegeKind.COMMUNICATIONS, CollegeKind.EMPLOYEES, CollegeKind.REPRESENTATIVES,
)  # fmt: skip


@cache
def template() -> dict[str, Any]:
    """The default charter: five sections, 34 clauses, each in French and English."""
    return json.loads((Path(__file__).parent.parent / "content" / "template.json").read_text(encoding="utf-8"))


@transaction.atomic
def create_charter(
    *, by: Person, title: str, language: Language, college: CollegeKind, from_template: bool = True
) -> Charter:
    """A charter with the four standard colleges; its author becomes an administrator in `college`.

    Raises NotPermitted, or BadInput when the title is empty or too long, or when `college` is not a standard one.
    """
    require(by, Verb.CHARTER_CREATE)
    if college not in STANDARD_COLLEGES:
        raise BadInput(_("A new charter has the four standard groups: choose one of them."), code="college")
    charter = Charter(title=line(title), language=language.value, created_by=by)
    save_as(charter, by)
    colleges = {
        kind: College.objects.create(charter=charter, kind=kind.value, position=position)
        for position, kind in enumerate(STANDARD_COLLEGES, start=1)
    }
    Membership.objects.create(charter=charter, person=by, college=colleges[college], role=Role.ADMINISTRATOR.value)
    record(Verb.CHARTER_CREATE, charter, charter=charter, by=by, title=charter.title, from_template=from_template)
    if from_template:
        _fill(charter, by, language.value)
    return charter


def _fill(charter: Charter, by: Person, language: str) -> None:
    for rank, part in enumerate(template()["sections"], start=1):
        section = Section(
            charter=charter,
            kind=SectionKind(part["kind"]).value,
            prefix=part["clauses"][0]["code"][0],
            title=part["title"][language],
            summary=part["summary"][language],
            position=rank * STEP,
        )
        save_as(section, by)
        for index, content in enumerate(part["clauses"], start=1):
            write_clause(
                section,
                by,
                position=index * STEP,
                title=content["title"][language],
                body=content["body"][language],
                nature=Nature(content["nature"]),
                references="\n".join(content["references"]),
            )
