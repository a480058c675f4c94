"""Mails an invitation to whom it is for."""

from __future__ import annotations

from django.core.mail import send_mail

from sojourn.web.languages import N_, plain
from sojourn.web.registry.models import Invitation

INVITED = N_("You are invited to the registry")
OPEN_LINK = N_("Open this link within 14 days to take your seat: {link}")


def mail(invitation: Invitation, address: str) -> None:
    """Send the link of an invitation, in the language in which they are addressed.

    Args:
        invitation: as `accounts.invite` made it.
        address: of the page on which it is accepted; its secret stands nowhere else.
    """
    subject, text = plain(invitation.language, INVITED), plain(invitation.language, OPEN_LINK, link=address)
    send_mail(subject, text, None, [invitation.email])
