"""Addresses of the pages on which people write, below the registry's."""

from __future__ import annotations

from django.urls import path

from sojourn.web.registry.writing import acting, desk, editing, files, history, merging, translating

urlpatterns = [
    path("/desk", desk.desk),
    path("/desk/new", editing.choose),
    path("/desk/new/<slug:kind>", editing.begin),
    path("/desk/<str:public_id>", acting.work),
    path("/desk/<str:public_id>/edit", editing.edit),
    path("/desk/<str:public_id>/merge", merging.merge),
    path("/desk/<str:public_id>/files", files.files),
    path("/desk/<str:public_id>/translate/<str:into>", translating.translate),
    path("/desk/<str:public_id>/<slug:name>", acting.step),
    path("/records/<str:public_id>/history", history.history),
    path("/records/<str:public_id>/files/<int:number>", files.file),
]
