"""Addresses that stand beside the pages."""

from django.urls import path
from django.views.generic import RedirectView

from . import views
from .sitemaps import sitemap_index, sitemap_section

app_name = "cms"
urlpatterns = [
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-<str:section>.xml", sitemap_section, name="sitemap_section"),
    path("robots.txt", views.robots, name="robots"),
    path("cookies/choix/", views.choose_cookies, name="choose_cookies"),
    path("media/<path:path>", views.picture, name="picture"),
    path("partage/<int:page_pk>/<str:fingerprint>.png", views.social_picture, name="social_image"),
    path(".well-known/security.txt", views.security, name="security"),
    path("site.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", RedirectView.as_view(url="/static/dist/images/favicon.ico"), name="favicon"),
    path("connexion/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="sign_in"),
]
