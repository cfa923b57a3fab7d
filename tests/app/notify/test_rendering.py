"""The words of every kind of message, in every language, and their layout."""

from html.parser import HTMLParser

import pytest
from django.utils import translation

from app.notify.kinds import KINDS, EmailKind
from app.notify.rendering import (
    Brand,
    Words,
    default_words,
    hide_links,
    lay_out,
    render_email,
    render_plain,
    unknown_variables,
)

EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


class Checker(HTMLParser):
    """Collects what mail programs would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@EACH_KIND
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.spec("NOT-04", "EML-02", "EML-03", "EML-04", "EML-40", "EML-41", "EML-42", "EML-44", "EML-46", "EML-53")
def test_each_kind_names_only_its_variables_and_renders(kind: EmailKind, language: str) -> None:
    words = default_words(kind, language)
    assert unknown_variables(words.subject + words.body, kind) == []
    values = {name: str(variable.sample) for name, variable in kind.variables.items()}
    email = render_email(kind, values, words=words, brand=Brand(), language=language)
    checker = Checker()
    checker.feed(email.html)
    assert "script" not in checker.tags
    assert checker.tags & {"table", "body"} == {"table", "body"}
    outside = [link for link in checker.links if link != values.get("lien")]
    assert outside == []  # no picture, font or style from another server: nothing is tracked, nothing is missing
    assert "{" not in email.text
    assert ("lien" in kind.variables) == bool(kind.button)
    if kind.button:
        assert values["lien"] in email.text


@EACH_KIND
def test_a_value_is_never_taken_for_markup_nor_for_a_variable(kind: EmailKind) -> None:
    values = dict.fromkeys(kind.variables, "<img src=x> & {lien}")
    email = render_email(kind, values, words=default_words(kind, "fr"), brand=Brand(), language="fr")
    checker = Checker()
    checker.feed(email.html)
    assert "img" not in checker.tags
    assert "\n" not in email.subject


def test_the_brand_of_the_workshop_is_on_its_messages() -> None:
    kind = KINDS["ready_to_collect"]
    values = {name: str(variable.sample) for name, variable in kind.variables.items()}
    brand = Brand("Atelier <Vulcain>", "#123456", "12 rue des Forges")
    email = render_email(kind, values, words=default_words(kind, "fr"), brand=brand, language="fr")
    assert "#123456" in email.html
    assert "Atelier &lt;Vulcain&gt;" in email.html
    assert email.text.endswith("12 rue des Forges\n")


@pytest.mark.spec("LNG-01")
def test_the_words_of_the_layout_are_in_the_reader_s_language() -> None:
    kind = KINDS["welcome"]
    values = {name: str(variable.sample) for name, variable in kind.variables.items()}
    in_french, in_english = (
        render_email(kind, values, words=default_words(kind, language), brand=Brand(), language=language).html
        for language in ("fr", "en")
    )
    assert "Copy this address" in in_english
    assert "Copiez cette adresse" in in_french and "Copy this address" not in in_french


def test_a_subject_is_one_line_whatever_was_typed() -> None:
    kind = KINDS["portal_link"]
    values = {name: "x\r\nBcc: all@exemple.test" for name in kind.variables}
    email = render_email(kind, values, words=Words("A\n{atelier}", "b"), brand=Brand(), language="fr")
    assert "\n" not in email.subject
    assert "\r" not in email.subject


def test_the_address_alone_on_its_line_becomes_the_button() -> None:
    with translation.override("fr"):
        email = render_plain("Objet", "Bonjour\n\nhttps://exemple.fr/a?b=1&c=2\n\nFin")
    assert 'href="https://exemple.fr/a?b=1&amp;c=2"' in email.html
    assert email.text.startswith("Bonjour")


def test_links_are_hidden_but_not_what_surrounds_them() -> None:
    hidden = hide_links('Voir http://testserver/espace/abc?x=1 et <a href="http://testserver/f/def">ici</a>.')
    assert hidden == 'Voir http://testserver/… et <a href="http://testserver/…">ici</a>.'


@pytest.mark.spec("NOT-04")
@pytest.mark.parametrize("strange", ["\x01", "\x0b", "\x0c", "\x1b", "\x7f", "\ufffe", "\uffff", "\x00"])
def test_a_character_that_no_page_may_hold_stops_no_message(strange: str) -> None:
    said = f"Léa{strange}Blanc"
    brand = Brand(name=said, footer=said)
    mail = lay_out(subject=said, paragraphs=[said, said], button=said, link="https://a.test/b", brand=brand)
    assert "Léa Blanc" in mail.html
    assert "Léa Blanc" in mail.text
    assert mail.subject == "Léa Blanc"
    assert strange not in mail.html + mail.text
