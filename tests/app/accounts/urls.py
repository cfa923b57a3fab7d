"""The product's addresses, with the sign-up served where the site's page serves it."""

from config.urls import urlpatterns as product
from django.urls import path

from app.accounts import views

urlpatterns = [path("inscription/", views.signup), *product]
