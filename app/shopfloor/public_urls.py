"""The link that turns a device into a tablet of a workshop."""

from django.urls import path

from .views import enrolment

urlpatterns = [path("<str:token>/", enrolment.enrol, name="tablet_enrol")]
