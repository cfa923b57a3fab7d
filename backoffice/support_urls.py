"""Leaving a workshop that one helps, or asking to write in it: outside /editeur/, closed to a support session."""

from django.urls import path

from .views import support

urlpatterns = [
    path("fin/", support.end, name="support_end"),
    path("terminee/", support.over, name="support_over"),
    path("ecrire/", support.write, name="support_write"),
]
