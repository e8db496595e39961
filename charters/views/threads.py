"""Threads: opened on a clause, replied to, answered, resolved; each with its permalink."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charters.actions import threads as actions
from charters.enums import ResponseKind, Verb
from charters.forms.threads import AnswerForm, CommentForm
from charters.models import Charter, Clause, Comment, Thread
from charters.queries.current_text import current_consultation
from charters.views import discussion
from charters.views.loading import admit, allow, load_charter, person, signed_in

READ_OR_WRITE = ["GET", "HEAD", "POST"]


@signed_in
@require_http_methods(READ_OR_WRITE)
def clause_threads(request: HttpRequest, charter: int, clause: int) -> HttpResponse:
    """A clause with all its threads; a POST opens one."""
    where = load_charter(request, charter)
    item = discussion.clause_of(request, where, clause)
    form = _form(request, CommentForm, f"clause-{item.pk}")
    if request.method != "POST":
        folded = "folded" in request.GET
        return discussion.show_clause(
            request, where, item, form=None if folded else form, writing="write" in request.GET
        )
    admit(request, Verb.THREAD_OPEN, where)
    comment, status = discussion.attempt(form, lambda words: _open(request, where, item, words["body"]))
    if comment is None:
        return discussion.show_clause(request, where, item, status=status, form=form, writing=True)
    said = _("Your comment has been added.")
    if not discussion.place_of(request):
        return discussion.see(request, discussion.permalink(comment), said)
    return discussion.show_clause(request, where, item, requested=comment.thread.key, form=None, said=said)


@signed_in
@require_safe
def thread(request: HttpRequest, key: str) -> HttpResponse:
    """The permalink of a thread: the page of its clause, where it is shown first, whole, whatever the screen.

    In the margin (htmx) it is unfolded where it stands.
    """
    found = discussion.thread_of(request, key=key)
    if discussion.place_of(request):
        return discussion.show_thread(request, found)
    return _on_its_page(found, f"thread-{key}")


@signed_in
@require_safe
def comment(request: HttpRequest, key: str) -> HttpResponse:
    """The permalink of a message."""
    return _on_its_page(discussion.thread_of(request, comments__key=key), f"comment-{key}")


@signed_in
@require_http_methods(READ_OR_WRITE)
def reply(request: HttpRequest, key: str) -> HttpResponse:
    """Reply to a thread."""
    found = discussion.thread_of(request, key=key)
    form = _form(request, CommentForm, f"reply-{key}")
    if request.method != "POST":
        allow(request, Verb.THREAD_REPLY, found)
        return discussion.show_thread(request, found, form=form, task="reply")
    admit(request, Verb.THREAD_REPLY, found)
    made, status = discussion.attempt(
        form, lambda words: actions.reply_thread(thread=found, by=person(request), body=words["body"])
    )
    if made is None:
        return discussion.show_thread(request, found, status=status, form=form, task="reply")
    return _done(request, found, discussion.permalink(made), _("Your reply has been added."))


@signed_in
@require_http_methods(READ_OR_WRITE)
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a thread as a drafter."""
    found = discussion.thread_of(request, key=key)
    form = _form(request, AnswerForm, f"answer-{key}")
    if request.method != "POST":
        allow(request, Verb.THREAD_ANSWER, found)
        return discussion.show_thread(request, found, form=form, task="answer")
    admit(request, Verb.THREAD_ANSWER, found)
    made, status = discussion.attempt(form, lambda words: _answer(request, found, words))
    if made is None:
        return discussion.show_thread(request, found, status=status, form=form, task="answer")
    return _done(request, found, reverse("thread", args=[key]), _("Your answer has been published."))


@signed_in
@require_POST
def resolve(request: HttpRequest, key: str) -> HttpResponse:
    """Put an answered thread away."""
    found = actions.resolve_thread(thread=discussion.thread_of(request, key=key), by=person(request))
    return _done(request, found, reverse("thread", args=[key]), _("The thread is resolved."))


@signed_in
@require_POST
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    """Take a resolved thread up again."""
    found = actions.reopen_thread(thread=discussion.thread_of(request, key=key), by=person(request))
    return _done(request, found, reverse("thread", args=[key]), _("The thread is open again."))


def _form(request: HttpRequest, kind: type[CommentForm], draft: str) -> Any:
    place = discussion.place_of(request)
    data = request.POST if request.method == "POST" else None
    return kind(data, draft=draft, ident=f"sheet-{draft}" if place == "sheet" else draft, focus=bool(place))


def _open(request: HttpRequest, charter: Charter, clause: Clause, body: str) -> Comment:
    consultation = current_consultation(charter)
    if consultation is None:
        allow(request, Verb.THREAD_OPEN, charter)  # which refuses, and says why
        raise AssertionError
    return actions.open_thread(consultation=consultation, clause=clause, by=person(request), body=body)


def _answer(request: HttpRequest, found: Thread, words: dict[str, Any]) -> object:
    kind = ResponseKind(words["kind"])
    return actions.answer_thread(thread=found, by=person(request), kind=kind, body=words["body"])


def _done(request: HttpRequest, found: Thread, address: str, said: str) -> HttpResponse:
    if discussion.place_of(request):
        return discussion.show_thread(request, found, said=said)
    return discussion.see(request, address, said)


def _on_its_page(found: Thread, anchor: str) -> HttpResponse:
    page = reverse("thread_open", args=[found.consultation.charter_id, found.clause_id])
    return redirect(f"{page}?thread={found.key}#{anchor}")
