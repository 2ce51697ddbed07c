"""Every setting of Andon, from the environment.

| Variable | Unset means |
|---|---|
| `ANDON_ENV` | `development`; else `production` or `test` |
| `ANDON_DATA_DIR` | `var`: embedded database, logs, what is generated |
| `ANDON_SECRET_KEY` | generated and kept in the data folder; production requires one |
| `ANDON_BASE_URL` | `http://127.0.0.1:8000`; production requires one, https |
| `ANDON_ALLOWED_HOSTS` | the base URL's host, and in development this machine's own names |
| `ANDON_TRUST_PROXY` | 0; 1 where a proxy in front sets X-Forwarded-Proto |
| `ANDON_SIGNUP`, `ANDON_DEBUG` | 0 |
| `ANDON_ALLOW_PRIVATE_TARGETS` | 1; in production 0: webhooks to private addresses are refused |
| `DATABASE_URL` | the embedded PostgreSQL (`config/embedded.py`) |
| `CELERY_BROKER_URL` | queues in the same PostgreSQL (pgmq) |
| `EMAIL_URL` | no mail; in development messages are files in the data folder's `mail/` |
| `OIDC_URL`, `OIDC_CLIENT_ID`, `OIDC_SECRET` | sign-in by password only |
| `ANDON_OPEN_ENVIRONMENTS` | `dev*,test*,stag*,qa*,preview*,review*,sandbox*`: there a normal change needs nobody |
| `GITHUB_APP_ID`, `GITHUB_APP_PRIVATE_KEY`, `GITHUB_API_URL` | deployments on GitHub are not answered |
| `SLACK_*`, `PROMETHEUS_URL`, `LOKI_URL`, `ANDON_DEADMAN_URL` | that integration is off |

A malformed value ends the start with one line (`config/environment.py`).
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from csp.constants import NONE, SELF
from kombu import Exchange, Queue

from config import environment
from config.embedded import Postgres
from notifications import masking

BASE_DIR = Path(__file__).resolve().parent.parent

# Where and as what it runs.

ANDON_ENV = environment.choice("ANDON_ENV", ("development", "production", "test"), "development")
PRODUCTION, TEST = ANDON_ENV == "production", ANDON_ENV == "test"
ANDON_DATA_DIR = Path(environment.text("ANDON_DATA_DIR", str(BASE_DIR / "var"))).expanduser().resolve()
SECRET_KEY = environment.secret("ANDON_SECRET_KEY", ANDON_DATA_DIR, production=PRODUCTION)
DEBUG = environment.flag("ANDON_DEBUG")
ANDON_BASE_URL = environment.url(
    "ANDON_BASE_URL",
    example="https://andon.example.com",
    default="" if PRODUCTION else "http://127.0.0.1:8000",
)
HTTPS = ANDON_BASE_URL.startswith("https://")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
ALLOWED_HOSTS = environment.words(
    "ANDON_ALLOWED_HOSTS", [urlsplit(ANDON_BASE_URL).hostname or "", *([] if PRODUCTION else LOCAL_HOSTS)]
)
if PRODUCTION and DEBUG:
    environment.stop("ANDON_DEBUG=1 shows secrets to visitors: it cannot be used with ANDON_ENV=production.")
if PRODUCTION and not HTTPS:
    environment.stop("ANDON_BASE_URL must be the https:// address that people use, with ANDON_ENV=production.")
if PRODUCTION and "*" in ALLOWED_HOSTS:
    environment.stop("ANDON_ALLOWED_HOSTS=* accepts any host: with ANDON_ENV=production name the hosts.")

# Applications.

FIRST_PARTY_APPS = ["slack", "postmortems", "incidents", "telemetry", "changes", "oncall", "notifications"]
INSTALLED_APPS = [
    *FIRST_PARTY_APPS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "knox",
    "rest_framework",
    "simple_history",
]
if not PRODUCTION and find_spec("django_linear_migrations"):
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths give no secret away (BREACH)
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "notifications.programs.ForPrograms",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a page is public only where its view says so
    "oncall.zones.ViewerZone",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database.

EMBEDDED = Postgres(ANDON_DATA_DIR)
DATABASE_FROM_ENVIRONMENT = environment.database("DATABASE_URL")
DATABASES = {
    "default": {
        **(DATABASE_FROM_ENVIRONMENT or EMBEDDED.django_settings()),
        "CONN_MAX_AGE": None,  # persistent: doubled page throughput when measured
        "CONN_HEALTH_CHECKS": True,
    }
}

# Tasks. Never give one an `eta` or `countdown`: beyond the visibility timeout it runs again and again.

CELERY_BROKER_URL = environment.broker("CELERY_BROKER_URL") or ("memory://" if TEST else "pgmq://localhost")
if CELERY_BROKER_URL.startswith("pgmq"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "conn_string": environment.conninfo(DATABASES["default"]),
        "init_extension": False,  # `manage.py install_broker` installs its SQL
        "use_notify": True,
        "notify_throttle_interval_ms": 0,
        "wait_time_seconds": 0,
        "visibility_timeout": 300,
        "pool_size": 4,
        "pool_timeout": 5,
    }
elif CELERY_BROKER_URL.startswith(("redis", "sentinel")):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 60,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_keepalive": True,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_QUEUES = [Queue(name, Exchange("andon"), routing_key=name) for name in ("pages", "intake", "default")]
CELERY_TASK_DEFAULT_QUEUE = CELERY_TASK_DEFAULT_ROUTING_KEY = "default"
CELERY_TASK_DEFAULT_EXCHANGE = "andon"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "UTC"

CELERY_TASK_ROUTES = {
    "notifications.tasks.send_pages": {"queue": "pages"},
    "notifications.tasks.react": {"queue": "pages"},
    "notifications.tasks.process_inbox": {"queue": "intake"},
    "oncall.tasks.*": {"queue": "pages"},
    "slack.tasks.*": {"queue": "pages"},
}

# The tables that tie the rooms together.

REACTIONS = "config.reactions.REACTIONS"  # who reacts to which event
PUBLISHED = "config.outgoing.PUBLISHED"  # which events webhooks may tell outside, and who describes them
PUBLISHED_TO = "config.outgoing.PUBLISHED_TO"  # who may see which of them
SENDERS = "config.senders.SENDERS"  # whose messages are accepted
SWEEPS = "config.upkeep.SWEEPS"  # what the scheduler does by itself
OVERDUE = "config.upkeep.OVERDUE"  # what must not wait for long
UNMATCHED = [  # what waits because nobody knows its service, to be given to one in Settings
    "changes.matching.CHANGES",
    "changes.matching.RUNS",
    "telemetry.matching.ALERTS",
]
# What is marked on the time axis of a service's panels, besides alerts.
PANEL_MARKS = ["changes.marks.of_service", "incidents.marks.of_service"]
SLACK_RENDERER = "slack.rendering.render"  # how a message looks in Slack
GATE_INCIDENTS = "incidents.gate.open_for"  # the incidents that the deploy gate minds

# The deploy gate: patterns of the environments before production, in which a normal change needs no authorisation.

GATE_OPEN_ENVIRONMENTS = environment.words(
    "ANDON_OPEN_ENVIRONMENTS", ["dev*", "test*", "stag*", "qa*", "preview*", "review*", "sandbox*"]
)

# People: by e-mail and password, or by an OpenID Connect provider.

AUTH_USER_MODEL = "oncall.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ANDON_SIGNUP = environment.flag("ANDON_SIGNUP")
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Andon"

OIDC_URL = environment.url("OIDC_URL", example="https://login.example.com/realms/main")
OIDC_CLIENT_ID, OIDC_SECRET = environment.text("OIDC_CLIENT_ID"), environment.text("OIDC_SECRET")
if len({bool(OIDC_URL), bool(OIDC_CLIENT_ID), bool(OIDC_SECRET)}) > 1:
    environment.stop("OIDC_URL, OIDC_CLIENT_ID and OIDC_SECRET must be set together, or none of them.")
SOCIALACCOUNT_ADAPTER = "config.accounts.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the organisation's own provider vouches for the address
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": urlsplit(OIDC_URL).hostname,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_SECRET,
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else []
    }
}

# API.

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["notifications.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "notifications.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "notifications.problems.handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": None}
KNOX_TOKEN_MODEL = "oncall.ApiToken"  # noqa: S105 — a model, not a token
MIGRATION_MODULES = {"knox": None}  # our token table stands in for its own
SPECTACULAR_SETTINGS = {
    "TITLE": "Andon",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],  # choices stay where they are used: no names to make up for them
    "ENUM_NAME_OVERRIDES": {  # several things have a kind, a state or a status
        "ChangeKindEnum": "changes.models.Change.Kind",
        "ChangeStateEnum": "changes.models.State",
        "AlertStatusEnum": "telemetry.models.Alert.Status",
        "IncidentStatusEnum": "incidents.models.incident.Status",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 27 * 1024 * 1024  # GitHub sends up to 25 MB

# Integrations.

SLACK_BOT_TOKEN = environment.text("SLACK_BOT_TOKEN")
SLACK_SIGNING_SECRET = environment.text("SLACK_SIGNING_SECRET")
SLACK_APP_TOKEN = environment.text("SLACK_APP_TOKEN")
SLACK_API_URL = environment.url("SLACK_API_URL", example="https://slack.com/api", default="https://slack.com/api") + "/"
SLACK_PRACTICE_URL = environment.url("SLACK_PRACTICE_URL", example="http://127.0.0.1:8001")
PROMETHEUS_URL = environment.url("PROMETHEUS_URL", example="http://prometheus:9090")
LOKI_URL = environment.url("LOKI_URL", example="http://loki:3100")
GITHUB_PUBLIC_API_URL = "https://api.github.com"
GITHUB_API_URL = environment.url("GITHUB_API_URL", example=GITHUB_PUBLIC_API_URL, default=GITHUB_PUBLIC_API_URL)
GITHUB_APP_ID = environment.word("GITHUB_APP_ID", example="the number or the client id on the App's page")
GITHUB_APP_PRIVATE_KEY = environment.private_key("GITHUB_APP_PRIVATE_KEY")
if bool(GITHUB_APP_ID) != bool(GITHUB_APP_PRIVATE_KEY):
    environment.stop("GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY must be set together, or none of them.")
ANDON_ALLOW_PRIVATE_TARGETS = environment.flag("ANDON_ALLOW_PRIVATE_TARGETS", not PRODUCTION)
ANDON_DEADMAN_URL = environment.url("ANDON_DEADMAN_URL", example="https://hc-ping.com/uuid")
if PRODUCTION and SLACK_PRACTICE_URL:
    environment.stop("SLACK_PRACTICE_URL is for demonstrations: it cannot be used with ANDON_ENV=production.")

EMAIL_BACKEND = f"django.core.mail.backends.{'dummy' if PRODUCTION else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = ANDON_DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
EMAIL_FROM_ENVIRONMENT = environment.email("EMAIL_URL")
globals().update(EMAIL_FROM_ENVIRONMENT)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"Andon <andon@{urlsplit(ANDON_BASE_URL).hostname}>"

# Security headers and cookies. Scripts, styles and connections come from this host alone, without exception.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF, *([OIDC_URL] if OIDC_URL else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [ANDON_BASE_URL] if HTTPS else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if environment.flag("ANDON_TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Language, time, static files.

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
PLAIN_FILES = TEST or DEBUG or "runserver" in sys.argv
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_FILES
        else "config.static.HashedFiles"
    },
}
WHITENOISE_USE_FINDERS = PLAIN_FILES

# Logs: lines for people in development, JSON in production. Metrics.

PROMETHEUS_EXPORT_MIGRATIONS = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
    *([structlog.processors.format_exc_info] if PRODUCTION else []),
    masking.mask,
]
LOG_RENDERER = (
    structlog.processors.JSONRenderer()
    if PRODUCTION
    else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_PROCESSORS,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, LOG_RENDERER],
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "structured"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING" if TEST else "INFO"},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "httpx": {"level": "WARNING"},
        "apprise": {"handlers": ["nowhere"], "level": "WARNING", "propagate": False},  # it may name secrets
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "django_structlog.celery": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

import config.celery  # noqa: E402, F401 — `shared_task` needs the application wherever Django runs
