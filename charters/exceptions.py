"""What a person can be told when an act is refused. Plain Python, so that `workflow` may raise it.

Each refusal is its own type because each one means something else to the person: not yours to do (403), not now (409),
somebody was faster (409, both texts shown), this text can no longer change (409), this cannot be read (422).
"""


class DomainError(Exception):
    """A refusal with a sentence for the person who asked. `message` may be a lazy translation."""

    def __init__(self, message: object = "", *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotPermitted(DomainError):
    """The person never has this right here, whatever the moment (HTTP 403)."""


class WrongState(DomainError):
    """The right person at the wrong moment (HTTP 409)."""


class StaleVersion(DomainError):
    """Somebody saved a newer text since this one was opened (HTTP 409, both texts are shown)."""


class FrozenText(DomainError):
    """The text was submitted, voted or adopted and cannot change any more (HTTP 409)."""


class BadInput(DomainError):
    """The input cannot be taken as it is (HTTP 422); `code` names the rule that refused it."""
