"""How people are reached: the only writers of contact methods, their codes, rules for each urgency and quiet hours."""

from oncall.services.contact.codes import send_code, verify_contact_method
from oncall.services.contact.methods import (
    add_contact_method,
    change_contact_method,
    move_contact_method,
    remove_contact_method,
)
from oncall.services.contact.rules import save_contact_rules, set_quiet_hours
from oncall.services.contact.sending import send_test, withdraw_stale

__all__ = [
    "add_contact_method",
    "change_contact_method",
    "move_contact_method",
    "remove_contact_method",
    "save_contact_rules",
    "send_code",
    "send_test",
    "set_quiet_hours",
    "verify_contact_method",
    "withdraw_stale",
]
