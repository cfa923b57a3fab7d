"""What the legal pages ask for."""

from cms.models import PublisherSettings
from cms.templatetags.site import prose
from django import template
from django.utils.safestring import SafeString
from wagtail.rich_text import RichText

from marketing.wording import with_values

register = template.Library()


@register.simple_tag
def legal_text(text: RichText, publisher: PublisherSettings) -> SafeString:
    """The words of a passage with the values of the publisher in their places."""
    return with_values(prose(text), publisher)
