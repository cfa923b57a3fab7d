from django.apps import AppConfig


class Config(AppConfig):
    name = "app.quotes"
    label = "quotes"
    customer_words = "app.quotes.services.indexing.index_quotes_of"
    customer_erasure = "app.quotes.services.erasing.erase_person_from_quotes"
    customer_guard = "app.quotes.guards.why_keep"
