"""The end customer's space: `/espace/<workshop>/…`."""

from django.urls import path

from . import brand, photo_views, views

app_name = "portal"
urlpatterns = [
    path("<slug:workshop_slug>/", views.space, name="space"),
    path("<slug:workshop_slug>/couleurs.css", brand.colours, name="colours"),
    path("<slug:workshop_slug>/logo/", brand.logo, name="logo"),
    path("<slug:workshop_slug>/lien/", views.ask_link, name="ask_link"),
    path("<slug:workshop_slug>/ouvrir/<str:token>/", views.open_link, name="open"),
    path("<slug:workshop_slug>/sortir/", views.leave, name="leave"),
    path("<slug:workshop_slug>/devis/<uuid:public_id>/", views.quote_detail, name="quote_detail"),
    path("<slug:workshop_slug>/devis/<uuid:public_id>/signer/", views.quote_sign, name="quote_sign"),
    path("<slug:workshop_slug>/devis/<uuid:public_id>/pdf/", views.quote_pdf, name="quote_pdf"),
    path("<slug:workshop_slug>/devis/<uuid:public_id>/renoncer/", views.quote_withdraw, name="quote_withdraw"),
    path("<slug:workshop_slug>/projets/<int:project_pk>/", views.project_detail, name="project_detail"),
    path("<slug:workshop_slug>/projets/<int:project_pk>/photos/", photo_views.photos_agree, name="photos_agree"),
    path(
        "<slug:workshop_slug>/projets/<int:project_pk>/photos/<int:photo_pk>/<slug:size>/",
        photo_views.project_photo,
        name="project_photo",
    ),
    path("<slug:workshop_slug>/projets/<int:project_pk>/rapport/", views.project_report, name="project_report"),
]
