"""The help centre supplied with the product: topics, guides, questions. What somebody edited stays theirs."""

import re
from pathlib import Path
from typing import Any

from cms.loading import put_page
from wagtail.models import Page, Site

from helpcenter.models import GuidePage, HelpIndexPage, Question, QuestionsPage, Topic

from .guides import CUSTOMER_GUIDES, CUSTOMERS, GUIDES, INDEX, QUESTIONS, TOPICS

TEXTS = Path(__file__).parent / "texts"
#: A line of a text that shows a screen: `[[screen | what the picture shows]]`.
SCREEN = re.compile(r"^\[\[([\w-]+) \| (.+)\]\]$", re.MULTILINE)

#: A question and its answer, in a file of its topic.
QUESTION = re.compile(r"<h2>(.+?)</h2>\n(.+?)(?=<h2>|\Z)", re.DOTALL)


def load() -> int:
    """Put the help centre under the home page; how many pages there are."""
    home = Site.objects.get(is_default_site=True).root_page
    topics = {slug: _topic(slug, position, values) for position, (slug, values) in enumerate(TOPICS.items())}
    index = put_page(HelpIndexPage, parent=home, slug="aide", values=INDEX)
    customers = put_page(HelpIndexPage, parent=index, slug="clients", values=CUSTOMERS)
    put_page(QuestionsPage, parent=index, slug="questions", values=QUESTIONS)
    _put_guides(index, TEXTS, GUIDES, topics)
    _put_guides(customers, TEXTS / "clients", CUSTOMER_GUIDES, topics)
    _put_questions(topics)
    return 3 + len(GUIDES) + len(CUSTOMER_GUIDES)


def _topic(slug: str, position: int, values: dict[str, str]) -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={**values, "position": position})[0]


def _put_guides(parent: Page, folder: Path, guides: dict[str, dict[str, Any]], topics: dict[str, Topic]) -> None:
    for slug, values in guides.items():
        written = {
            **values,
            "topic": topics[values["topic"]],
            "search_description": values["summary"],
            "body": _body((folder / f"{slug}.html").read_text(encoding="utf-8")),
        }
        put_page(GuidePage, parent=parent, slug=slug, values=written)


def _put_questions(topics: dict[str, Topic]) -> None:
    """Supplied once, by their words: a question that an editor reworded or removed does not come back twice."""
    if Question.objects.exists():
        return
    for slug, topic in topics.items():
        file = TEXTS / "questions" / f"{slug}.html"
        asked = QUESTION.findall(file.read_text(encoding="utf-8")) if file.exists() else []
        for position, (question, answer) in enumerate(asked):
            Question.objects.create(topic=topic, question=question, answer=answer.strip(), position=position)


def _body(text: str) -> list[tuple[str, Any]]:
    """The blocks of a text: prose, cut where a screen is shown."""
    pieces = SCREEN.split(text)
    body: list[tuple[str, Any]] = []
    for start in range(0, len(pieces), 3):
        if prose := pieces[start].strip():
            body.append(("prose", prose))
        if start + 2 < len(pieces):
            body.append(("screen", {"screen": pieces[start + 1], "description": pieces[start + 2]}))
    return body
