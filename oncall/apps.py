from django.apps import AppConfig


class OnCallConfig(AppConfig):
    name = "oncall"
    verbose_name = "On-call"
    default_auto_field = "django.db.models.BigAutoField"
