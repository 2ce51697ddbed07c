"""Addresses below /api/v1/."""

from rest_framework.routers import SimpleRouter

from slack.api.user_groups import UserGroupView

router = SimpleRouter()
router.register("user-groups", UserGroupView, basename="api-user-group")

urlpatterns = router.urls
