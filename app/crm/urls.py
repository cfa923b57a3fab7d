"""Pages of customers, under the workshop's `clients/`."""

from django.urls import path

from .views import acting, editing, picking, reading

app_name = "crm"
urlpatterns = [
    path("", reading.customer_list, name="customer_list"),
    path("nouveau/", editing.customer_create, name="customer_create"),
    path("choisir/", picking.customer_pick, name="customer_pick"),
    path("choisir/nouveau/", picking.customer_quick_create, name="customer_quick_create"),
    path("<int:customer_pk>/", reading.customer_detail, name="customer_detail"),
    path("<int:customer_pk>/modifier/", editing.customer_edit, name="customer_edit"),
    path("<int:customer_pk>/echanges/", acting.interaction_add, name="interaction_add"),
    path("<int:customer_pk>/fusionner/", acting.customer_merge, name="customer_merge"),
    path("<int:customer_pk>/donnees/", acting.customer_data, name="customer_data"),
    path("<int:customer_pk>/effacer/", acting.customer_erase, name="customer_erase"),
    path("<int:customer_pk>/supprimer/", acting.customer_delete, name="customer_delete"),
    path("reglages/", acting.settings_edit, name="settings"),
]
