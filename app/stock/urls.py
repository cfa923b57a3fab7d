"""Pages of the stock, under the workshop's `stock/`."""

from django.urls import path

from .views import acting, consumables, indicators, planning, reading, receiving, weighing

app_name = "stock"
urlpatterns = [
    path("", reading.item_list, name="item_list"),
    path("export.csv", reading.item_export, name="item_export"),
    path("recevoir/", receiving.receive, name="receive"),
    path("etiquettes/", receiving.labels, name="labels"),
    path("peser/", weighing.weigh_start, name="weigh_start"),
    path("a-peser/", planning.to_weigh, name="to_weigh"),
    path("pesees/", reading.weighing_list, name="weighing_list"),
    path("inventaires/", planning.plan_list, name="plan_list"),
    path("inventaires/<int:plan_pk>/", planning.plan_detail, name="plan_detail"),
    path("inventaires/<int:plan_pk>/clore/", planning.plan_close, name="plan_close"),
    path("commandes/", planning.suggestion_list, name="suggestion_list"),
    path("commandes.csv", planning.suggestion_export, name="suggestion_export"),
    path("indicateurs/", indicators.indicators, name="indicators"),
    path("reglages/", planning.settings, name="settings"),
    path("consommables/", consumables.consumable_list, name="consumable_list"),
    path("consommables/<int:item_pk>/modifier/", consumables.consumable_edit, name="consumable_edit"),
    path("consommables/<int:item_pk>/archiver/", consumables.consumable_archive, name="consumable_archive"),
    path("consommables/<int:item_pk>/remettre/", consumables.consumable_restore, name="consumable_restore"),
    path("carton/<str:code>/", weighing.carton_find, name="carton_find"),
    path("cartons/<int:carton_pk>/", reading.carton_detail, name="carton_detail"),
    path("cartons/<int:carton_pk>/peser/", weighing.weigh, name="weigh"),
    path("cartons/<int:carton_pk>/vide/", weighing.carton_empty, name="carton_empty"),
    path("cartons/<int:carton_pk>/transferer/", acting.carton_transfer, name="carton_transfer"),
    path("pesees/<int:weighing_pk>/", weighing.weighing_detail, name="weighing_detail"),
    path("<int:item_pk>/", reading.item_detail, name="item_detail"),
    path("<int:item_pk>/mouvements/", reading.movement_list, name="movement_list"),
    path("<int:item_pk>/corriger/", acting.item_correct, name="item_correct"),
    path("<int:item_pk>/compter/", acting.item_count, name="item_count"),
    path("<int:item_pk>/transferer/", acting.item_transfer, name="item_transfer"),
    path("<int:item_pk>/alerte/", acting.item_alert, name="item_alert"),
    path("<int:item_pk>/rendement/", acting.item_learn, name="item_learn"),
    path("poudre/<int:powder_pk>/", reading.powder_stock, name="powder_stock"),
]
