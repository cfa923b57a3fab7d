"""Reading the help centre: its shelves, the guide of a screen, the search, what readers made of it."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from wagtail.models import Page

from .constants import INDEX_PATH, LONGEST_QUERY, SHOWN
from .models import ArticleDay, GuidePage, HelpIndexPage, MissedSearch, Question, Remark, Topic
from .words import SHORTEST_CORRECTED, mark, put_right, words_of

#: Seconds during which the words of the guides are kept in memory: a correction may ignore a guide of this minute.
VOCABULARY_LIFE = 60.0
#: Of the four classes of PostgreSQL, D to A: a word of a title (A) counts ten times one of a text (B).
WEIGHTS = [0.01, 0.05, 0.1, 1.0]
LEXEME = re.compile(r"\w+")
_vocabulary: dict[int, tuple[float, frozenset[str]]] = {}


@dataclass(frozen=True)
class Result:
    """A text that was found: where it is, and its title and summary in pieces, the found words marked."""

    path: str
    title: list[tuple[str, bool]]
    summary: list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """What a search gave; `words` are those that were looked for, `corrected` whether some were put right."""

    results: list[Result]
    words: tuple[str, ...]
    corrected: bool


@dataclass(frozen=True)
class Part:
    """Where a search looks: the whole help, or a help centre within it (`index`)."""

    root: Page
    index: Page | None

    @property
    def place(self) -> Page:
        return self.index or self.root


@dataclass(frozen=True)
class Shelf:
    """A topic with its guides; None gathers those that have no topic."""

    topic: Topic | None
    guides: list[GuidePage]


@dataclass(frozen=True)
class ArticleFigures:
    """An article over a period; `useful_percent` is None when nobody judged it."""

    path: str
    views: int
    useful: int
    useless: int

    @property
    def judged(self) -> int:
        return self.useful + self.useless

    @property
    def useful_percent(self) -> int | None:
        return round(100 * self.useful / self.judged) if self.judged else None


def find_guide(screen: str) -> GuidePage | None:
    """The guide of this screen, named as in the URLconf (`quotes:quote_edit`), else the one of its whole module."""
    module = screen.partition(":")[0]
    guides = GuidePage.objects.live().order_by("path")
    found: GuidePage | None = (
        guides.filter(screens__contains=[screen]).first() or guides.filter(screens__contains=[module]).first()
    )
    return found


def list_guides_of(screen: str, *, but: GuidePage | None) -> list[GuidePage]:
    """The other guides of a screen's module or topic, for the panel beside the screen."""
    module = screen.partition(":")[0]
    near = Q(screens__overlap=[screen, module])
    if but is not None and but.topic_id:
        near |= Q(topic=but.topic_id)
    guides = GuidePage.objects.live().filter(near).order_by("path")
    return list((guides.exclude(pk=but.pk) if but else guides)[:5])


def find_index() -> HelpIndexPage | None:
    """The first page of the help."""
    found: HelpIndexPage | None = HelpIndexPage.objects.live().order_by("path").first()
    return found


def find_part(slug: str) -> HelpIndexPage | None:
    """A help centre within the help centre (the customers'), by its address; None for the whole."""
    found: HelpIndexPage | None = HelpIndexPage.objects.live().filter(slug=slug, depth__gt=3).first() if slug else None
    return found


def list_shelves(index: Page) -> list[Shelf]:
    """The guides right under this page, by topic in their order; those without a topic come last."""
    guides = GuidePage.objects.child_of(index).live().select_related("topic")
    ordered = sorted(guides, key=lambda guide: (guide.topic is None, guide.topic and guide.topic.position, guide.path))
    return [Shelf(topic, list(held)) for topic, held in groupby(ordered, key=lambda guide: guide.topic)]


def list_siblings(guide: GuidePage) -> list[GuidePage]:
    """The other guides of its topic, in the same help centre."""
    return list(GuidePage.objects.sibling_of(guide, inclusive=False).live().filter(topic=guide.topic_id)[:8])


def list_questions() -> list[tuple[Topic, list[Question]]]:
    """Every frequent question, by topic."""
    questions = Question.objects.select_related("topic")
    return [(topic, list(held)) for topic, held in groupby(questions, key=lambda row: row.topic)]


def search(query: str, *, index: Page | None = None) -> Found:
    """The best guides and questions for these words, the last one perhaps unfinished.

    Accents, endings and case do not count; a word that begins no word of the guides is replaced by the one that it
    most resembles. `index` keeps to the guides right under a page, without the questions (the customers' part).
    """
    typed = words_of(query[:LONGEST_QUERY])
    root = find_index()
    if not typed or root is None:
        return Found([], (), False)
    part = Part(root, index)
    known = vocabulary(part)
    words = tuple(put_right(word, known) for word in typed)
    # Every word, or failing that any of those that mean something.
    telling = [word for word in words if len(word) >= SHORTEST_CORRECTED]
    ranked = _find(words, " & ", part) or (_find(telling, " | ", part) if telling else [])
    ranked.sort(key=lambda row: -row[0])
    results = [Result(path, list(mark(title, words)), list(mark(text, words))) for _rank, path, title, text in ranked]
    return Found(results[:SHOWN], words, corrected=words != tuple(typed))


def vocabulary(part: Part) -> frozenset[str]:
    """Every word of the live guides and, for the whole help, of the questions; folded, read once a minute."""
    read_at, words = _vocabulary.get(part.place.pk, (0.0, frozenset()))
    if not words or time.monotonic() - read_at > VOCABULARY_LIFE:
        words = frozenset(_read_words(part))
        _vocabulary[part.place.pk] = (time.monotonic(), words)
    return words


def forget_vocabulary() -> None:
    """Read the words anew (tests)."""
    _vocabulary.clear()


def article_days(*, since: date) -> "QuerySet":
    """For each article read since this day: `path`, and how often it was `seen` and judged `yes` or `no`."""
    days = ArticleDay.objects.filter(on__gte=since).values("path")
    return days.annotate(seen=Sum("views"), yes=Sum("useful"), no=Sum("useless"))


def list_article_figures(*, since: date) -> list[ArticleFigures]:
    """Each article that was read since this day, the most read first."""
    rows = article_days(since=since)
    figures = [ArticleFigures(row["path"], row["seen"], row["yes"], row["no"]) for row in rows]
    return sorted(figures, key=lambda row: (-row.views, row.path))


def list_missed_searches(limit: int = 100) -> "QuerySet[MissedSearch]":
    """The searches that found nothing, the most frequent first."""
    return MissedSearch.objects.all()[:limit]


def list_remarks(limit: int = 50) -> "QuerySet[Remark]":
    """What readers missed, newest first."""
    return Remark.objects.all()[:limit]


def month_ago() -> date:
    """Thirty days ago."""
    return timezone.localdate() - timedelta(days=30)


def _find(words: Iterable[str], joint: str, part: Part) -> list[tuple[float, str, str, str]]:
    """Rank, address, title and summary of what holds words that begin like these; the grammar is PostgreSQL's."""
    query = SearchQuery(joint.join(f"{word}:*" for word in words), config="french", search_type="raw")
    cut = len(part.root.url_path) - len(INDEX_PATH)  # a page's own path begins with its site's
    guides = _ranked(_guides_of(part), query).values_list("rank", "url_path", "title", "summary")[:SHOWN]
    found = [(rank, path[cut:], title, summary) for rank, path, title, summary in guides]
    if part.index is None:
        asked = _ranked(Question.objects.all(), query).values_list("rank", "pk", "question", "topic__name")[:SHOWN]
        found += [(rank, f"{INDEX_PATH}questions/#question-{pk}", title, topic) for rank, pk, title, topic in asked]
    return found


def _ranked(rows: "QuerySet", query: SearchQuery) -> "QuerySet":
    ranked: QuerySet = (
        rows.filter(vector=query).annotate(rank=SearchRank(F("vector"), query, weights=WEIGHTS)).order_by("-rank", "pk")
    )
    return ranked


def _guides_of(part: Part) -> "QuerySet[GuidePage]":
    guides: QuerySet[GuidePage] = GuidePage.objects.child_of(part.place).live()
    return guides


def _read_words(part: Part) -> set[str]:
    rows = list(_guides_of(part).values_list("folded_title", "folded_text"))
    if part.index is None:
        rows += Question.objects.values_list("folded_title", "folded_text")
    return {word for row in rows for text in row for word in LEXEME.findall(text)}
