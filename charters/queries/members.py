"""The members of a charter, searched and paged."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from charters.folding import fold
from charters.models import Charter, College, Membership

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Members:
    """A page of members, the colleges with their sizes, and the present number of members."""

    page: Page
    colleges: Sequence[College]
    total: int


def members(charter: Charter, *, search: str = "", college: str = "", page: str | int = 1) -> Members:
    """Present members by name; `search` in name and e-mail, `college` a kind. Three queries."""
    rows = Membership.objects.filter(charter=charter, left_at=None).select_related("person", "college")
    if search:
        rows = rows.filter(person__folded__contains=fold(search))
    if college:
        rows = rows.filter(college__kind=college)
    present = Count("memberships", filter=Q(memberships__left_at=None))
    colleges = list(charter.colleges.annotate(size=present))
    found = Paginator(rows.order_by("person__name", "pk"), PER_PAGE).get_page(page)
    return Members(found, colleges, sum(c.size for c in colleges))
