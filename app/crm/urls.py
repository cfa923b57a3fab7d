"""Pages of customers, under the workshop's `clients/`."""

from django.urls import path

from .views import editing, picking, reading

app_name = "crm"
urlpatterns = [
    path("", reading.customer_list, name="customer_list"),
    path("nouveau/", editing.customer_create, name="customer_create"),
    path("choisir/", picking.customer_pick, name="customer_pick"),
    path("choisir/nouveau/", picking.customer_quick_create, name="customer_quick_create"),
    path("<int:customer_pk>/", reading.customer_detail, name="customer_detail"),
    path("<int:customer_pk>/modifier/", editing.customer_edit, name="customer_edit"),
]
