"""What is on screen, priced before it is saved, however incomplete it still is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.estimating.consumption import to_the_gram
from app.estimating.pricing import LineEstimate, QuoteEstimate

from .estimates import estimate_quote
from .forms import BaseLineFormSet, QuoteForm, QuoteLineForm
from .models import Quote, QuoteLine, QuoteSettings
from .services.drafting import complete_line

#: What the head of a quote changes in its price.
PRICES = ("discount_percent", "deposit_percent", "powder_margin_percent", "labour_margin_percent", "fixed_margin",
          "transfer_loss_percent")  # fmt: skip
Pair = tuple[QuoteLineForm, QuoteLine | None]


@dataclass(frozen=True)
class LinePreview:
    """A line on screen: its form, and its price when it can be computed."""

    form: QuoteLineForm
    line: QuoteLine | None
    estimate: LineEstimate | None

    @property
    def powder_kg(self) -> Decimal:
        """Every layer of the line, to the gram."""
        return to_the_gram(sum(self.estimate.breakdown.powder_kg, Decimal(0))) if self.estimate else Decimal(0)


@dataclass(frozen=True)
class Preview:
    """The quote on screen; not complete while a line lacks something. `wrong` names what of its head is not counted."""

    lines: list[LinePreview]
    estimate: QuoteEstimate | None
    complete: bool
    wrong: tuple[str, ...] = ()


def preview_saved(quote: Quote, formset: BaseLineFormSet, lines: Sequence[QuoteLine], prices: QuoteSettings) -> Preview:
    """A page just opened: the rows as they are, none for a line not filled in yet."""
    rows = [*lines, *[None] * (len(formset.forms) - len(lines))]
    return _preview(quote, list(zip(formset.forms, rows, strict=True)), prices)


def preview_typed(form: QuoteForm, formset: BaseLineFormSet, prices: QuoteSettings) -> Preview:
    """What is being typed: a line with an error waits, the others add up; a margin with one is none, and said."""
    wrong = tuple(str(form[name].label) for name in PRICES if name in form.errors)
    pairs = [(kept, kept.instance if kept.is_valid() else None) for kept in formset.kept]
    return replace(_preview(form.instance, pairs, prices), wrong=wrong)


def _preview(quote: Quote, pairs: Sequence[Pair], prices: QuoteSettings) -> Preview:
    ready = [line for _, line in pairs if line]
    for line in ready:
        complete_line(line, quote.workshop)
    try:
        priced = estimate_quote(quote, ready, prices)
    except (
        ValueError,
        ArithmeticError,
    ):  # a powder whose record is not complete, a percentage or a total out of bounds
        return Preview([LinePreview(form, line, None) for form, line in pairs], None, False)
    results = iter(priced.lines)
    shown = [LinePreview(form, line, next(results) if line else None) for form, line in pairs]
    return Preview(shown, priced, len(ready) == len(pairs))
