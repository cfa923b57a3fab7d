"""Addresses that stand beside the pages."""

from django.urls import path
from django.views.generic import RedirectView
from wagtail.contrib.sitemaps.views import sitemap

from . import views

app_name = "cms"
urlpatterns = [
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("cookies/choix/", views.choose_cookies, name="choose_cookies"),
    path("media/<path:path>", views.picture, name="picture"),
    path("connexion/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="sign_in"),
]
