from django.apps import AppConfig


class SlackConfig(AppConfig):
    name = "slack"
    default_auto_field = "django.db.models.BigAutoField"
