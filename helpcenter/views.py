"""The help of a screen, the search as one types, and what readers say. Readers are nobody: nothing here asks who."""

from cms.protection import client_ip, limited, own_pages_only
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from .forms import JudgementForm, MissedForm, ReadingForm
from .selectors import find_guide, find_index, find_part, list_guides_of, search
from .services import count_view, judge, keep_missed_search

RATE = "60/m"


@require_safe
def screen_help(request: HttpRequest, screen: str) -> HttpResponse:
    """The guide of a screen, or the help centre when none explains it."""
    page = find_guide(screen) or find_index()
    if page is None:
        raise Http404
    return redirect(page.public_path)


@require_safe
def screen_panel(request: HttpRequest, screen: str) -> HttpResponse:
    """The same, to read beside the screen: its guide, the others of its module, the search, the way to support."""
    guide = find_guide(screen)
    context = {
        "guide": guide,
        "others": list_guides_of(screen, but=guide),
        "screen": screen,
        "workshop_slug": request.GET.get("atelier", ""),
    }
    return render(request, "helpcenter/panel.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What was found for the words being typed: a list to put under the field."""
    query = request.GET.get("q", "").replace("\x00", "").strip()
    found = search(query, index=find_part(request.GET.get("partie", "")))
    return render(request, "helpcenter/results.html", {"found": found, "query": query})


# The three addresses below act in nobody's name: they count, within limits for each network address.


@own_pages_only
@require_POST
def article_read(request: HttpRequest) -> HttpResponse:
    """An article was opened."""
    form = ReadingForm(request.POST)
    if form.is_valid() and not limited(request, group="help", rate=RATE):
        count_view(path=form.cleaned_data["path"])
    return HttpResponse(status=204)


@own_pages_only
@require_POST
def article_judged(request: HttpRequest) -> HttpResponse:
    """Whether an article was useful; the same thanks whatever was said before."""
    form = JudgementForm(request.POST)
    if not form.is_valid():
        return render(request, "helpcenter/thanks.html", {"refused": True}, status=422)
    if not limited(request, group="help", rate=RATE):
        visitor = client_ip("help", request)
        useful, remark = form.cleaned_data["useful"] == "oui", form.cleaned_data["remark"]
        judge(path=form.cleaned_data["path"], is_useful=useful, visitor=visitor, remark=remark)
    return render(request, "helpcenter/thanks.html", {"path": form.cleaned_data["path"]})


@own_pages_only
@require_POST
def search_missed(request: HttpRequest) -> HttpResponse:
    """Words that a reader stopped at without finding anything."""
    form = MissedForm(request.POST)
    if form.is_valid() and not limited(request, group="help", rate=RATE):
        query = form.cleaned_data["q"]
        if not search(query).results:
            keep_missed_search(text=query)
    return HttpResponse(status=204)
