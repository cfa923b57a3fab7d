"""Papers of a workshop, under `impressions/`."""

from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [path("<int:paper_pk>/", views.paper_detail, name="paper_detail")]
