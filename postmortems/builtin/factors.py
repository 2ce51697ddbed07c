"""The taxonomy of contributing factors that Andon comes with: (key, name, what belongs to it)."""

FACTORS: tuple[tuple[str, str, str], ...] = (
    ("change-release", "Change & release", "What was changed, how it was rolled out, and how it could be taken back."),
    ("configuration", "Configuration", "Settings, flags and parameters, and how they differ between environments."),
    ("capacity-load", "Capacity & load", "More work than there was room for: quotas, pools, queues, growth, spikes."),
    ("dependency", "Dependency", "A service, library, provider or network that this one relies on."),
    ("data", "Data", "Unexpected, missing, corrupt or badly placed data, and migrations of it."),
    ("detection-alerting", "Detection & alerting", "What was noticed late, or not, or drowned in other signals."),
    ("automation", "Automation", "Scripts, controllers and jobs that acted, or stood still, unexpectedly."),
    ("design-resilience", "Design & resilience", "Retries, timeouts, fallbacks, isolation, single points of failure."),
    ("knowledge-documentation", "Knowledge & documentation", "What was not written down, not found, or out of date."),
    (
        "communication-coordination",
        "Communication & coordination",
        "How people and teams found and informed each other.",
    ),
    ("workload-fatigue", "Workload & fatigue", "Time pressure, interruptions, night work, too many things at once."),
    (
        "tooling-access",
        "Tooling & access",
        "Tools, permissions and dashboards that helped, hindered or were out of reach.",
    ),
    ("security", "Security", "Attack, exposure, certificates, secrets, and the controls around them."),
    ("time-clocks", "Time & clocks", "Time zones, expiry, leap days, drift, schedules and races."),
)
