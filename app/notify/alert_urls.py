"""The alerts, under the workshop's `alertes/`."""

from django.urls import path

from app.notify.views import alerts

app_name = "alerts"
urlpatterns = [
    path("", alerts.alert_list, name="alert_list"),
    path("<int:alert_pk>/vue/", alerts.alert_see, name="alert_see"),
    path("<int:alert_pk>/resolue/", alerts.alert_resolve, name="alert_resolve"),
]
