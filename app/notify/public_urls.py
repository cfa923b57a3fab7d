"""Where mail providers send people back."""

from django.urls import path

from app.notify.views.oauth_return import oauth_return

app_name = "mail_oauth"
urlpatterns = [path("<slug:provider>/retour/", oauth_return, name="return")]
