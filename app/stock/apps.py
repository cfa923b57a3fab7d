from django.apps import AppConfig


class Config(AppConfig):
    name = "app.stock"
    label = "stock"
    papers = {"carton_labels": "app.stock.labelling.make_carton_labels"}
