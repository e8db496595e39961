"""How a voice is shown: by name, or by a pseudonym that shows its college only once five of its members have spoken."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from charters.enums import CollegeKind, VoiceKind
from charters.models import College, Consultation, Voice

SPOKEN_MIN = 5
"""Below this many voices of a college in a consultation, its pseudonyms do not show it (product.md, anonymity)."""

PSEUDONYM = {
    CollegeKind.HR: lambda: pgettext("pseudonym", "HR %(number)s"),
    CollegeKind.COMMUNICATIONS: lambda: pgettext("pseudonym", "Communications %(number)s"),
    CollegeKind.EMPLOYEES: lambda: pgettext("pseudonym", "Employee %(number)s"),
    CollegeKind.REPRESENTATIVES: lambda: pgettext("pseudonym", "Representative %(number)s"),
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """What a page shows of a voice. `kind`, `initials` and `college` are empty while the college is hidden."""

    key: str
    name: str
    kind: str = ""
    initials: str = ""
    college: str = ""


def speakers(consultation: Consultation) -> dict[int, Speaker]:
    """Every voice of a consultation, by id, as it may be shown. Two queries.

    Named voices carry the person's name; for pseudonyms the person is not even read.
    """
    spoken = dict(
        Voice.objects.filter(consultation=consultation)
        .order_by()
        .values_list("college")
        .annotate(voices=Count("pk"))
        .values_list("college", "voices")
    )
    rows = Voice.objects.filter(consultation=consultation).select_related("college")
    if consultation.voice_kind == VoiceKind.NAMED:
        rows = rows.select_related("person")
    return {voice.pk: speaker(voice, spoken) for voice in rows}


def speaker(voice: Voice, spoken: Mapping[int, int]) -> Speaker:
    """One voice as it may be shown. `spoken`: number of voices by college id."""
    college: College = voice.college
    if voice.kind == VoiceKind.NAMED:
        return Speaker(voice.key, voice.person.name, college.kind, str(college.initials), str(college.name))
    if spoken.get(college.pk, 0) < SPOKEN_MIN:
        return Speaker(voice.key, _("Participant %(number)s") % {"number": voice.ordinal})
    pattern = PSEUDONYM.get(CollegeKind(college.kind))
    name = pattern() if pattern else f"{college.name} %(number)s"
    return Speaker(voice.key, name % {"number": voice.ordinal}, college.kind, str(college.initials), str(college.name))
