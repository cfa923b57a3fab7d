"""Pages of ovens and curing plans, under the workshop's `series/`."""

from django.urls import path

from .views import loads, ovens, plans

urlpatterns = [
    path("fours/", loads.oven_board, name="oven_board"),
    path("fours/occupation/", loads.oven_usage, name="oven_usage"),
    path("fours/reglages/", ovens.oven_list, name="oven_list"),
    path("fours/reglages/nouveau/", ovens.oven_create, name="oven_create"),
    path("fours/reglages/<int:oven_pk>/", ovens.oven_edit, name="oven_edit"),
    path("fours/reglages/<int:oven_pk>/retirer/", ovens.oven_archive, name="oven_archive"),
    path("fours/reglages/<int:oven_pk>/chauffe/", ovens.oven_heat_up, name="oven_heat_up"),
    path("fours/fournees/nouvelle/", loads.load_create, name="load_create"),
    path("fours/fournees/<int:load_pk>/", loads.load_detail, name="load_detail"),
    path("fours/fournees/<int:load_pk>/entree/", loads.load_start, name="load_start"),
    path("fours/fournees/<int:load_pk>/sortie/", loads.load_finish, name="load_finish"),
    path("fours/fournees/<int:load_pk>/reprendre/", loads.load_take_back, name="load_take_back"),
    path("fours/fournees/<int:load_pk>/pieces/<int:part_pk>/retirer/", loads.load_take_out, name="load_take_out"),
    path("fours/fournees/<int:load_pk>/annuler/", loads.load_cancel, name="load_cancel"),
    path("cuisson/", plans.plan_list, name="plan_list"),
    path("cuisson/nouveau/", plans.plan_create, name="plan_create"),
    path("cuisson/pieces/<int:part_pk>/", plans.part_measure, name="part_measure"),
    path("cuisson/<int:plan_pk>/", plans.plan_detail, name="plan_detail"),
    path("cuisson/<int:plan_pk>/arreter/", plans.plan_stop, name="plan_stop"),
    path("cuisson/<int:plan_pk>/abandonner/", plans.plan_drop, name="plan_drop"),
    path("cuisson/<int:plan_pk>/adopter/", plans.plan_adopt, name="plan_adopt"),
    path("cuisson/<int:plan_pk>/imprimer/", plans.plan_print, name="plan_print"),
    path("cuisson/<int:plan_pk>/fiches/", plans.plan_sheets, name="plan_sheets"),
    path("cuisson/<int:plan_pk>/ordre/", plans.plan_reorder, name="plan_reorder"),
    path("cuisson/<int:plan_pk>/fournees/<int:rank>/", plans.plan_load, name="plan_load"),
    path("cuisson/<int:plan_pk>/fournees/<int:rank>/places/", plans.plan_load_check, name="plan_load_check"),
    path("cuisson/<int:plan_pk>/fournees/<int:rank>/deplacer/", plans.plan_piece_move, name="plan_piece_move"),
]
