"""Use cases of people; each function owns its transaction."""

from backend.people.service.keys import reencrypt
from backend.people.service.profile import (
    Contact,
    contact_of,
    ensure_person,
    find_by_phone,
    masked_phone,
    me,
    set_phone,
    set_phone_from_wechat,
    update_profile,
)
from backend.people.service.roles import (
    NewInvitation,
    accept_invitation,
    grant,
    invite,
    members,
    revoke,
)
from backend.people.service.sessions import (
    SignedIn,
    authenticate,
    forget_ended,
    renew,
    sign_in,
    sign_out,
    sign_out_everywhere,
)

__all__ = [
    "Contact",
    "NewInvitation",
    "SignedIn",
    "accept_invitation",
    "authenticate",
    "contact_of",
    "ensure_person",
    "find_by_phone",
    "forget_ended",
    "grant",
    "invite",
    "masked_phone",
    "me",
    "members",
    "reencrypt",
    "renew",
    "revoke",
    "set_phone",
    "set_phone_from_wechat",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "update_profile",
]
