"""Pages and fragments of this room."""

from django.urls import path

from changes.views import freezes, gate, ledger, pipelines, policy

app_name = "changes"
urlpatterns = [
    path("changes/", ledger.change_list, name="list"),
    path("changes/<int:pk>/", ledger.change_detail, name="detail"),
    path("changes/new/", ledger.change_new, name="new"),
    path("changes/pipelines/", pipelines.pipelines, name="pipelines"),
    path("changes/pipelines/<int:pk>/", pipelines.pipeline, name="pipeline"),
    path("changes/pipelines/<int:pk>/edit/", pipelines.pipeline_edit, name="pipeline-edit"),
    path("changes/gate/", gate.check_list, name="gate"),
    path("changes/gate/ask/", gate.check_ask, name="gate-ask"),
    path("changes/gate/<int:pk>/", gate.check_detail, name="gate-check"),
    path("changes/gate/<int:pk>/say/", gate.check_say, name="gate-say"),
    path("changes/freezes/", freezes.freeze_list, name="freezes"),
    path("changes/freezes/new/", freezes.freeze_new, name="freeze-new"),
    path("changes/freezes/<int:pk>/", freezes.freeze_edit, name="freeze"),
    path("changes/freezes/<int:pk>/lift/", freezes.freeze_lift, name="freeze-lift"),
    path("changes/policy/", policy.policy, name="policy"),
    path("changes/policy/templates/new/", policy.template_new, name="template-new"),
    path("changes/policy/templates/<int:pk>/", policy.template_edit, name="template"),
    path("changes/policy/templates/<int:pk>/act/", policy.template_act, name="template-act"),
    path("changes/policy/guards/new/", policy.guard_new, name="guard-new"),
    path("changes/policy/guards/<int:pk>/", policy.guard_edit, name="guard"),
    path("changes/policy/guards/<int:pk>/retire/", policy.guard_retire, name="guard-retire"),
    path("services/<slug:slug>/changes/", ledger.of_service, name="of-service"),
]
