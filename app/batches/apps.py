from django.apps import AppConfig


class Config(AppConfig):
    name = "app.batches"
    label = "batches"
    project_watcher = "app.batches.watching.Watcher"
    papers = {"batch_sheet": "app.batches.pdf.make_sheet", "batch_labels": "app.batches.pdf.make_labels"}
