"""The frame of every hosted page, and its small parts."""

from dataclasses import dataclass, field
from html import escape
from typing import Self

STYLE = """
:root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #1a1f36; background: #f6f8fa }
body { margin: 0 } main { max-width: 40rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border-radius: .5rem }
h1 { font-size: 1.4rem; margin: 0 0 1rem } h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem }
.band { background: #7a2e00; color: #fff; padding: .5rem 1rem; text-align: center }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .25rem }
td.code { overflow-wrap: anywhere }
tr + tr { border-top: 1px solid #d9dee4 } td.amount, th.amount { text-align: right; white-space: nowrap }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600 }
input, select { font: inherit; padding: .5rem; width: 100%; box-sizing: border-box; border: 1px solid #5b6472;
  border-radius: .25rem }
button, a.button { font: inherit; display: inline-block; padding: .6rem 1rem; border: 1px solid #3b46c4;
  border-radius: .25rem; background: #3b46c4; color: #fff; cursor: pointer; text-decoration: none; margin: .25rem 0 }
button.plain { background: #fff; color: #3b46c4 } a { color: #3b46c4 } form { margin: .5rem 0 }
.error { border-left: .3rem solid #b3001b; padding: .5rem 1rem; background: #fff0f1 }
.note { color: #4a5261; font-size: .9rem } .cards { overflow-x: auto }
"""


@dataclass
class Page:
    """An answer for a person."""

    content: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})

    @classmethod
    def html(cls, title: str, body: str, *, status: int = 200) -> Self:
        """A whole page around this body; the title is escaped, the body is not."""
        return cls(
            (
                '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
                '<meta name="viewport" content="width=device-width, initial-scale=1">'
                f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
                '<header class="band">Paiement de test : aucune carte n’est débitée</header>'
                f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
            ).encode(),
            status,
        )

    @classmethod
    def redirect(cls, url: str) -> Self:
        """Go there with GET."""
        return cls(b"", 303, {"Location": url})

    @classmethod
    def pdf(cls, content: bytes, name: str) -> Self:
        """A file that the browser shows."""
        headers = {"Content-Type": "application/pdf", "Content-Disposition": f'inline; filename="{name}"'}
        return cls(content, 200, headers)

    @classmethod
    def not_found(cls) -> Self:
        """An address that leads nowhere, or no longer."""
        body = "<p>Cette page n’existe pas, ou le lien a expiré.</p>"
        return cls.html("Page introuvable", body, status=404)


def text(value: object) -> str:
    """Escaped text; nothing for None."""
    return "" if value is None else escape(str(value))


def button(label: str, action: str, values: dict[str, str] | None = None, *, plain: bool = False) -> str:
    """A form of one button."""
    hidden = "".join(
        f'<input type="hidden" name="{text(name)}" value="{text(value)}">' for name, value in (values or {}).items()
    )
    style = ' class="plain"' if plain else ""
    return f'<form method="post" action="{text(action)}">{hidden}<button{style}>{text(label)}</button></form>'


def field_of(label: str, name: str, *, value: str = "", autocomplete: str = "off", required: bool = True) -> str:
    """A labelled text field."""
    needed = " required" if required else ""
    return (
        f'<label for="{name}">{text(label)}</label><input id="{name}" name="{name}" value="{text(value)}" '
        f'autocomplete="{autocomplete}"{needed}>'
    )


def error_of(message: str) -> str:
    """A refusal, read aloud as it appears."""
    return f'<p class="error" role="alert">{text(message)}</p>' if message else ""
