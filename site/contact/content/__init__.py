"""The contact page supplied with the product."""

from cms.loading import put_page
from wagtail.models import Site

from contact.models import ContactPage

CONTACT = {
    "title": "Contact",
    "seo_title": "Contacter ThermoGestion",
    "search_description": "Une question sur le logiciel, une démonstration, un abonnement : une personne vous répond.",
    "introduction": (
        "Une question sur votre atelier, une hésitation, un souci : écrivez, une personne vous répond. "
        "Pour une réponse immédiate, les guides sont ouverts à tous."
    ),
    "show_in_menus": False,
}


def load() -> int:
    """Put the page under the home page; how many pages there are."""
    home = Site.objects.get(is_default_site=True).root_page
    put_page(ContactPage, parent=home, slug="contact", values=CONTACT)
    return 1
