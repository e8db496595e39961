"""People in a charter: inviting, changing role or college, leaving."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charters.actions.journal import record
from charters.actions.locking import lock
from charters.actions.wording import line
from charters.enums import Language, PollState, Role, Verb
from charters.exceptions import BadInput
from charters.models import Charter, College, Elector, Membership, Person, fold_email
from charters.notifications.invitations import send_invitation
from charters.policy import require


@transaction.atomic
def invite_member(
    *,
    charter: Charter,
    by: Person,
    name: str,
    email: str,
    college: College,
    role: Role,
    language: Language | None = None,
) -> Membership:
    """Give a person, known by e-mail or new, a role and a college; an e-mail tells how to sign in.

    A former member comes back with the new role and college. Raises BadInput when the person already is a member, or
    when the college is of another charter.
    """
    charter = lock(charter)
    require(by, Verb.MEMBER_INVITE, charter)
    if college.charter_id != charter.pk:
        raise BadInput(_("This group belongs to another charter."), code="other_charter")
    address = fold_email(email)
    if address is None:
        raise BadInput(_("Give an e-mail address."), code="empty")
    person = Person.objects.filter(email__iexact=address).first() or _new_person(
        name, address, language or charter.language
    )
    membership, created = Membership.objects.get_or_create(
        charter=charter, person=person, defaults={"college": college, "role": role.value, "invited_by": by}
    )
    if not created:
        if membership.left_at is None:
            raise BadInput(_("%(name)s already is a member of this charter.") % {"name": person.name}, code="member")
        membership.college, membership.role, membership.left_at = college, role.value, None
        membership.save()
    record(
        Verb.MEMBER_INVITE, membership, charter=charter, by=by, person=person.key, role=role.value, college=college.kind
    )
    transaction.on_commit(lambda: send_invitation(person, charter, by))
    return membership


@transaction.atomic
def change_member(*, membership: Membership, by: Person, college: College, role: Role) -> Membership:
    """Change role or college. Polls already open keep the roll they opened with. Raises BadInput."""
    charter = lock(membership.charter)
    membership = lock(membership, "person", "charter")
    require(by, Verb.MEMBER_CHANGE, membership)
    if college.charter_id != charter.pk:
        raise BadInput(_("This group belongs to another charter."), code="other_charter")
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(membership)
    if (
        role is Role.OBSERVER
        and Elector.objects.filter(
            person=membership.person_id, poll__consultation__charter=charter, poll__state=PollState.OPEN
        ).exists()
    ):
        raise BadInput(
            _("This person is on the roll of an open vote: wait for its close, or their vote is taken away.")
        )
    membership.college, membership.role = college, role.value
    membership.save()
    record(
        Verb.MEMBER_CHANGE, membership, charter=charter, by=by,
        person=membership.person.key, role=role.value, college=college.kind,
    )  # fmt: skip
    return membership


@transaction.atomic
def leave_member(*, membership: Membership, by: Person) -> Membership:
    """End a membership: access ends at once; what the person wrote and voted stays. Raises BadInput."""
    charter = lock(membership.charter)
    membership = lock(membership, "person", "charter")
    require(by, Verb.MEMBER_LEAVE, membership)
    _keep_an_administrator(membership)
    membership.left_at = timezone.now()
    membership.save()
    record(Verb.MEMBER_LEAVE, membership, charter=charter, by=by, person=membership.person.key)
    return membership


def _keep_an_administrator(membership: Membership) -> None:
    others = Membership.objects.filter(charter=membership.charter_id, role=Role.ADMINISTRATOR, left_at=None)
    if membership.role == Role.ADMINISTRATOR and not others.exclude(pk=membership.pk).exists():
        raise BadInput(
            _("A charter keeps at least one administrator: name another one first."), code="last_administrator"
        )


def _new_person(name: str, address: str, language: str) -> Person:
    try:
        with transaction.atomic():
            return Person.objects.create_user(name=line(name, max_length=120), email=address, language=language)
    except IntegrityError:  # invited to another charter at the same moment
        return Person.objects.get(email__iexact=address)
