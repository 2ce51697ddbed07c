"""Everything that may happen to post-mortems, actions, problems and articles, whoever asks.

Each function is one transaction, checks what it is given (`InvalidInput`, by field), the state (`Conflict`) and the
asker's role (`Forbidden`), tells the other rooms and the open pages, and returns the object as it is now. Whether the
asker may see the record is for the caller's query: `Postmortem.objects.visible_to(user)`.
"""

from postmortems.services.actions import create_action, transition_action, update_action
from postmortems.services.coaching import coach, dismiss, undismiss
from postmortems.services.comments import comment, edit_comment, reopen_thread, reply, resolve_thread, withdraw_comment
from postmortems.services.curating import (
    add_moment,
    curate,
    curate_many,
    edit_moment,
    remove_moment,
    uncurate,
    uncurate_many,
)
from postmortems.services.exercises import (
    finish_exercise,
    record_findings,
    say_in_exercise,
    show_next,
    start_exercise,
)
from postmortems.services.facilitation import invite, rename, set_facilitator, set_soak, uninvite
from postmortems.services.factors import add_factor, edit_factor, remove_factor
from postmortems.services.images import add_image, remove_image
from postmortems.services.interviews import (
    delete_interview,
    edit_interview,
    release_interview,
    take_back_interview,
    write_interview,
)
from postmortems.services.issues import note_issue, remember_issue
from postmortems.services.knowledge import edit_article, record_use, review_article, set_confidence, write_article
from postmortems.services.meeting import cancel_meeting, set_meeting
from postmortems.services.opening import exempt, open_postmortem
from postmortems.services.presence import be_present, leave, present
from postmortems.services.problems import (
    dismiss_suggestion,
    edit_problem,
    link_problem,
    mark_known_error,
    open_problem,
    transition_problem,
    unlink_problem,
)
from postmortems.services.readings import note_reading, subscribe, unsubscribe
from postmortems.services.removal import link_factor, not_removed
from postmortems.services.reviews import ask_instead, ask_reviewer, remove_reviewer, sign_off
from postmortems.services.rituals import (
    cancel_session,
    choose_of_the_month,
    come_along,
    edit_session,
    plan_session,
)
from postmortems.services.scope import add_incident, remove_incident, set_services
from postmortems.services.sections import Saved, StaleVersion, restore_revision, save_section
from postmortems.services.snoozing import may_snooze, snooze
from postmortems.services.transitions import missing, transition

__all__ = [
    "Saved",
    "StaleVersion",
    "add_factor",
    "add_image",
    "add_incident",
    "add_moment",
    "ask_instead",
    "ask_reviewer",
    "be_present",
    "cancel_meeting",
    "cancel_session",
    "choose_of_the_month",
    "coach",
    "come_along",
    "comment",
    "create_action",
    "curate",
    "curate_many",
    "delete_interview",
    "dismiss",
    "dismiss_suggestion",
    "edit_article",
    "edit_comment",
    "edit_factor",
    "edit_interview",
    "edit_moment",
    "edit_problem",
    "edit_session",
    "exempt",
    "finish_exercise",
    "invite",
    "leave",
    "link_factor",
    "link_problem",
    "mark_known_error",
    "may_snooze",
    "missing",
    "not_removed",
    "note_issue",
    "note_reading",
    "open_postmortem",
    "open_problem",
    "plan_session",
    "present",
    "record_findings",
    "record_use",
    "release_interview",
    "remember_issue",
    "remove_factor",
    "remove_image",
    "remove_incident",
    "remove_moment",
    "remove_reviewer",
    "rename",
    "reopen_thread",
    "reply",
    "resolve_thread",
    "restore_revision",
    "review_article",
    "save_section",
    "say_in_exercise",
    "set_confidence",
    "set_facilitator",
    "set_meeting",
    "set_services",
    "set_soak",
    "show_next",
    "sign_off",
    "snooze",
    "start_exercise",
    "subscribe",
    "take_back_interview",
    "transition",
    "transition_action",
    "transition_problem",
    "uncurate",
    "uncurate_many",
    "undismiss",
    "uninvite",
    "unlink_problem",
    "unsubscribe",
    "update_action",
    "withdraw_comment",
    "write_article",
    "write_interview",
]
