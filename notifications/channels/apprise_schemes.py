"""Which services of Apprise a person may be reached by. Pure: the scheme of an Apprise URL, and words for a refusal.

Apprise knows far more than ways to reach people: it writes to the system log, pops up windows on the machine it runs
on, reads local files. What is not on these lists is refused, so a service that Apprise adds is read before it is used.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


AT_A_PROVIDER = _names(
    """
    46elks atalk betterstack bulksms bulkvs burstsms chanify clickatell clicksend cm d7sms dapnet dingtalk discord elks
    exotel feishu flock freemobile gchat groupme gupshup httpsms ifttt ilert incidentio join kakao kaleyra kavenegar
    klr kudosity lark lauther line mobilemessage mobilemsg msg91 msgbird nexmo notifyre octopush onesignal opsgenie
    pagerduty pagertree pbul pingram plivo pover prowl psafer psafers push pushed pushme pushplus pushward pushy ringc
    ryver schan serwersms seven sfr signalgrid signl4 simplepush sinch slack smsc smsmanager smsmgr smstunnel sns splunk
    spush spugpush squadcast telesign telnyx tgram threema twilio twist viber victorops voipms vonage webex wecom
    wecombot whapi whatsapp wxpusher wxteams zalo zoom
    """
)
"""They speak to an address that Apprise knows: telephone, SMS, push and chat."""

AT_A_HOST = _names(
    """
    apprise apprises bark barks evolution evolutions form forms goalert goalerts gotify gotifys hassio hassios infobip
    json jsons mmost mmosts ncloud nclouds nctalk nctalks ntfy ntfys pushdeer pushdeers rocket rockets signal signals
    smseagle smseagles synology synologys workflow workflows xml xmls
    """
)
"""They speak to a host that the URL names: it must be a public one where private targets are not allowed."""

_LOCAL = _names("blink1 dbus file gio glib gnome kde macosx qt rsyslog syslog vapid windows")
_MAIL = _names(
    """
    azure brevo groundmail mailersend mailgun mailto mailtos o365 postmark resend sendgrid sendpulse ses smtp2go
    sparkpost
    """
)
_READS_FILES = frozenset({"attach", "attach-as", "keyfile", "pgppriv", "pgppub", "subfile"})
_TEMPLATE_IS_A_FILE = frozenset({"discord", "slack", "tgram", "workflow", "workflows"})
_EXAMPLES = "ntfys://ntfy.sh/topic, twilio://SID:token@from/to, pover://user@token or tgram://token/chat"


def scheme_of(url: str) -> str:
    """The scheme of an Apprise URL that may be used, in lower case. Raises ValueError with words for people."""
    found = re.match(r"([a-z0-9]+)://.", url.strip(), re.IGNORECASE)
    if not found:
        raise ValueError(f"This is not an Apprise URL; write one such as {_EXAMPLES}.")
    scheme = found[1].lower()
    if scheme not in AT_A_PROVIDER | AT_A_HOST:
        raise ValueError(_why_not(scheme))
    if named := _file_named(scheme, url):
        raise ValueError(f"“{named}” in a {scheme}:// URL reads a file of Andon's machine; leave it out.")
    return scheme


def host_named(scheme: str, plugin: Mapping[str, object]) -> str:
    """The host that an Apprise service speaks to by its URL; "" where it is its provider's own.

    `plugin`: the service's attributes, of which `host` and `mode` matter (ntfy without a host is ntfy.sh).
    """
    if scheme not in AT_A_HOST or plugin.get("mode") == "cloud":
        return ""
    return str(plugin.get("host") or "").strip("[]")


def _why_not(scheme: str) -> str:
    if scheme in _LOCAL:
        return f"{scheme}:// speaks to Andon's own machine, not to a person; use one such as {_EXAMPLES}."
    if scheme in _MAIL:
        return f"{scheme}:// is e-mail, which Andon sends itself: add an e-mail address instead."
    if scheme in ("http", "https"):
        return f"{scheme}:// is a webhook: add it as one, or use one such as {_EXAMPLES}."
    return f"{scheme}:// is not among the services Andon sends by; use one such as {_EXAMPLES}."


def _file_named(scheme: str, url: str) -> str:
    names = {name.lower() for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    forbidden = _READS_FILES | ({"template"} if scheme in _TEMPLATE_IS_A_FILE else frozenset())
    return next(iter(sorted(names & forbidden)), "")
