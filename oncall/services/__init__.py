"""The only writers of people, teams, the catalogue, schedules, policies, integrations and tokens.

What follows from them by itself is written where it is worked out: `shifts.py`, `cover.py`, `paging`.
"""

from oncall.services.calendars import reset_calendar
from oncall.services.catalogue import delete_service, save_service
from oncall.services.contact import add_contact_method, remove_contact_method
from oncall.services.integrations import (
    create_integration,
    disable_integration,
    enable_integration,
    retire_secret,
    rotate_secret,
    update_integration,
)
from oncall.services.invitations import accept_invitation, invitation_link, invited
from oncall.services.leave import add_leave, remove_leave
from oncall.services.maintenance import cancel_maintenance, change_maintenance, end_maintenance, plan_maintenance
from oncall.services.overrides import add_override, remove_override
from oncall.services.people import create_person, deactivate_person, save_contact_methods, update_person
from oncall.services.policies import delete_policy, save_policy
from oncall.services.rosters import join_rotation, leave_rotation
from oncall.services.schedules import delete_schedule, load_definition, save_schedule
from oncall.services.shadows import add_shadow, end_shadow
from oncall.services.swaps import give_back, offer_swap, take_back, take_swap
from oncall.services.teams import delete_team, save_team
from oncall.services.tokens import create_token, revoke_token
from oncall.services.welcome import first_sign_in_link, redeem

__all__ = [
    "accept_invitation",
    "add_contact_method",
    "add_leave",
    "add_override",
    "add_shadow",
    "cancel_maintenance",
    "change_maintenance",
    "create_integration",
    "create_person",
    "create_token",
    "deactivate_person",
    "delete_policy",
    "delete_schedule",
    "delete_service",
    "delete_team",
    "disable_integration",
    "enable_integration",
    "end_maintenance",
    "end_shadow",
    "first_sign_in_link",
    "give_back",
    "invitation_link",
    "invited",
    "join_rotation",
    "leave_rotation",
    "load_definition",
    "offer_swap",
    "plan_maintenance",
    "redeem",
    "remove_contact_method",
    "remove_leave",
    "remove_override",
    "reset_calendar",
    "retire_secret",
    "revoke_token",
    "rotate_secret",
    "save_contact_methods",
    "save_policy",
    "save_schedule",
    "save_service",
    "save_team",
    "take_back",
    "take_swap",
    "update_integration",
    "update_person",
]
