"""The tags that stand in for Django's: the same answers, in each language, nothing kept for another."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from babel.numbers import format_currency
from django.template import Context, Template
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django_cotton.compiler_regex import CottonCompiler
from hypothesis import given
from hypothesis import strategies as st

from app.crm.models import Customer
from app.kernel.money import TaxableLine, cents, format_money
from app.kernel.templatetags.quick import draw_icon, draw_kept

LANGUAGES = ["fr", "en"]


def drawn(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_a_text_follows_the_language_of_each_reading() -> None:
    template = Template('{% translate "Customers" %}|{% translate "Customers" as word %}{{ word }}')
    said = {}
    for language in (*LANGUAGES, *LANGUAGES):
        with translation.override(language):
            said[language] = template.render(Context())
    assert said == {"fr": "Clients|Clients", "en": "Customers|Customers"}


def test_a_text_that_varies_is_still_django_s() -> None:
    with translation.override("fr"):
        assert drawn("{% translate word %}", word="Customers") == "Clients"
        assert drawn('{% translate "Customers"|upper %}') == "CLIENTS"
        assert drawn('{% translate "Customers" noop %}') == "Customers"


def test_a_constant_has_nothing_of_the_page_that_asked_for_it() -> None:
    asked = Template('{% constant "shell/banners.html" %}')
    banner = SimpleNamespace(tone="info", text="Secret of a workshop", url="")
    assert "Secret" not in asked.render(Context({"banners": [banner]}))


def test_an_icon_is_the_same_by_name_and_by_variable() -> None:
    fixed, variable = (
        drawn('{% icon "home" "icon-sm" %}'),
        drawn("{% icon name classes %}", name="home", classes="icon-sm"),
    )
    assert fixed == variable == draw_icon("home", "icon-sm")
    assert 'class="icon icon-sm"' in fixed


def test_a_pill_never_opens_the_way_to_markup() -> None:
    hostile = "<script>alert(1)</script>"
    for text in (mark_safe(hostile), hostile):
        assert drawn("{% pill tone text %}", tone="ok", text=text).count("<script>") == 0


def test_a_pill_draws_what_the_component_draws() -> None:
    component = CottonCompiler().process('<c-pill tone="warn">{{ text }}</c-pill>')
    expected = re.sub(r" +(?=[\">])", "", drawn(component, text="Très <gros>")).strip()
    assert drawn("{% pill 'warn' text %}", text="Très <gros>") == expected


def test_a_powder_draws_what_the_component_draws() -> None:
    values = {"name": "TP <7016>", "code": "RAL & co", "colour": "<script>"}
    for href, named in (
        ("/7/", '<a class="row-link" href="/7/">TP &lt;7016&gt;</a>'),
        ("", "<span>TP &lt;7016&gt;</span>"),
    ):
        component = CottonCompiler().process(
            f'<c-powder name="{{{{ name }}}}" note="{{{{ code }}}} {{{{ colour }}}}" colour="#383e42" href="{href}" />'
        )
        drawing = drawn("{% powder name href '#383e42' '' code colour %}", href=href, **values)
        assert f"{named}<small>RAL &amp; co &lt;script&gt;</small>" in drawing
        assert drawing == drawn(component, **values).strip()
    assert "<small>" not in drawn("{% powder name '' '' '' missing %}", **values)


def test_options_choose_by_text_and_escape_everything() -> None:
    choices = [("", "All"), (7, "Seven"), ("a&b", mark_safe("<b>")), ("", "")]
    assert drawn("{% options choices '7' %}", choices=choices) == (
        '<option value="7" selected>Seven</option><option value="a&amp;b">&lt;b&gt;</option>'
    )
    texts = drawn("{% options texts 'Cuisson' %}", texts=["Grenaillage", "Cuisson"])
    assert texts.count("selected") == 1
    assert '<option value="Cuisson" selected>Cuisson</option>' in texts
    assert "selected" not in drawn("{% options texts missing.value %}", texts=["None", "Cuisson"])


@pytest.mark.parametrize("language", LANGUAGES)
@given(moment=st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_is_written_as_django_writes_it(language: str, moment: date) -> None:
    with translation.override(language):
        assert drawn("{{ moment|day }}", moment=moment) == drawn('{{ moment|date:"j N Y" }}', moment=moment)


def test_a_day_is_the_one_of_the_reader_s_clock() -> None:
    with translation.override("fr"):
        assert drawn("{{ moment|day }}", moment=datetime(2026, 3, 14, 23, 30, tzinfo=UTC)).startswith("15 ")
        assert drawn("{{ moment|day }}", moment=None) == ""


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_is_written_as_django_writes_it(moment: datetime) -> None:
    for language in LANGUAGES:
        with translation.override(language):
            assert drawn("{{ moment|moment }}", moment=moment) == drawn('{{ moment|date:"j N Y, H:i" }}', moment=moment)
    assert drawn("{{ moment|moment }}", moment=None) == ""


def test_a_choice_reads_like_django_s_display() -> None:
    customer = Customer(type="pro")
    for language in LANGUAGES:
        with translation.override(language):
            assert drawn('{{ row|choice:"type" }}', row=customer) == escape(customer.get_type_display())
    assert drawn('{{ row|choice:"type" }}', row=Customer(type="autre")) == "autre"


@pytest.mark.parametrize("locale", ["fr", "en", "es", "it"])
@given(amount=st.decimals(min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=3))
def test_money_is_written_as_babel_writes_it(locale: str, amount: Decimal) -> None:
    assert format_money(amount, locale=locale) == format_currency(cents(amount), "EUR", locale=locale)


def test_a_kept_part_sees_its_arguments_and_nothing_else() -> None:
    asked = Template('{% kept "shell/top.html" workshop=workshop.name name=user %}')
    rows = SimpleNamespace(name="Atelier Vulcain")
    page = asked.render(Context({"workshop": rows, "user": "Olivia Roche", "email": "secret@vulcain.test"}))
    assert "Atelier Vulcain" in page
    assert "Olivia Roche" in page
    assert "secret@vulcain.test" not in page


def test_a_kept_part_serves_only_the_same_arguments_in_the_same_language() -> None:
    asked = Template('{% kept "shell/side.html" workshop=workshop roles=roles links=links %}')
    seen = []
    for language in (*LANGUAGES, *LANGUAGES):
        for workshop, roles in (("Vulcain", ["Admin"]), ("Vulcain", ["Viewer"]), ("Concurrent", ["Admin"])):
            with translation.override(language):
                seen.append(asked.render(Context({"workshop": workshop, "roles": roles, "links": ()})))
    assert seen[:6] == seen[6:]
    assert len(set(seen)) == 6
    assert "Changer d’atelier" in seen[0]
    assert "Concurrent" not in seen[0] + seen[1]


def test_a_kept_part_escapes_what_was_marked_safe_for_another() -> None:
    asked = Template('{% kept "shell/user_menu.html" name=name workshop=missing.value %}')
    for name in (mark_safe("<b>Olivia</b>"), "<b>Olivia</b>"):
        page = asked.render(Context({"name": name}))
        assert "&lt;b&gt;Olivia" in page
        assert "<b>" not in page
        assert "None" not in page


def test_a_row_tells_equal_arguments_of_other_kinds_apart() -> None:
    plain, safe = "<b>Zola</b>", mark_safe("<b>Zola</b>")
    for name in (plain, safe, plain):
        row = draw_kept("crm/customer_row.html", address="/", name=name, tags=())
        assert (str(safe) in row) == (name is safe)
        assert (escape(plain) in row) == (name is plain)
    low, number = (
        draw_kept("stock/item_row.html", level="1", smart=True, cartons=cartons, low=cartons, score="")
        for cartons in (True, 1)
    )
    assert (">True<" in low, ">1<" in number) == (True, True)


def test_a_row_is_drawn_in_the_language_of_each_reading() -> None:
    for language, said in (("fr", "Ville"), ("en", "City"), ("fr", "Ville")):
        with translation.override(language):
            assert f'data-label="{said}"' in draw_kept("crm/customer_row.html", name="Zola", tags=())


def test_a_list_to_filter_by_draws_what_the_component_draws() -> None:
    tag = '{% filter_list "finition" label choices chosen every %}'
    component = (
        '<c-select name="finition" label="{{ label }}" data-autosubmit><option value="">{{ every }}</option>'
        "{% options choices chosen %}</c-select>"
    )
    texts = {"label": "L'aspect & <b>", "every": "Tout d'abord", "choices": (("a", "Mat"), ("b", "<Brillant>"))}
    for chosen in ("", "b", "absent"):
        drawn_by = [drawn(source, **texts, chosen=chosen) for source in (tag, CottonCompiler().process(component))]
        first, second = (re.sub(r"\s+", " ", text).strip() for text in drawn_by)
        assert first == second


@pytest.mark.parametrize(
    "value", [Customer(pk=1), ("Zola", Customer(pk=1)), Decimal("1.5"), datetime(2026, 11, 23, tzinfo=UTC)]
)
def test_nothing_is_kept_of_what_may_change_behind_it(value: Any) -> None:
    with pytest.raises(TypeError):
        draw_kept("crm/customer_row.html", name=value, tags=())


def test_equal_amounts_that_are_written_otherwise_are_drawn_each_as_they_are() -> None:
    asked = Template('{% kept "shell/user_menu.html" name=line %}')
    for vat in ("20", "20.00", "5.5", "20"):
        page = asked.render(Context({"line": TaxableLine(Decimal(1), Decimal(vat))}))
        assert escape(f"vat_rate=Decimal('{vat}')") in page


def test_a_dataclass_that_holds_a_row_is_not_kept() -> None:
    asked = Template('{% kept "shell/user_menu.html" name=line %}')
    with pytest.raises(TypeError):
        asked.render(Context({"line": TaxableLine(Decimal(1), Customer(pk=1))}))  # type: ignore[arg-type]
