"""Sample data of the pattern page: every component alone, in each of its states. Never shown to a workshop."""

from types import SimpleNamespace
from typing import Any

from django import forms

from .pagination import Page

LONG = (
    "Établissements Grandjean-Desmoulins & Fils, thermolaquage, métallisation et microbillage "
    "de menuiseries extérieures anciennes"
)

SWATCHES = (
    ("RAL 7016 mat", "#383e42", "mat"),
    ("RAL 9010 satin", "#f1ece1", "satin"),
    ("RAL 3003 brillant", "#8d1d2c", "gloss"),
    ("RAL 7016 texturé", "#383e42", "texture"),
    ("RAL 9006 métallisé", "#a1a1a0", "metallic"),
    ("RAL 9005 texturé", "#0e0e10", "texture"),
    ("RAL 9016 texturé", "#f1f0ea", "texture"),
    ("RAL 5010 brillant", "#004f7c", "gloss"),
    ("RAL 6005 satin", "#114232", "satin"),
    ("RAL 8019 métallisé", "#3d3635", "metallic"),
    ("RAL 1003 mat", "#f9a800", "mat"),
    ("Teinte à définir", "", ""),
)

BATCHES = (
    (
        "RAL 7016 texturé",
        "TP-7016-TX · polyester · 2 couches",
        "#383e42",
        "texture",
        22,
        "6,4 / 18,2 kg",
        "bad",
        "Demain",
    ),
    ("RAL 3003 brillant", "TP-3003-B · polyester · vernis", "#8d1d2c", "gloss", 12, "3,1 / 3,4 kg", "warn", "Jeudi"),
    ("RAL 9006 métallisé", "AK-9006-M · primaire époxy", "#a1a1a0", "metallic", 7, "1,9 / 20,0 kg", "ok", "Lundi"),
    (LONG, "TP-9010-S · polyester", "#f1ece1", "satin", 31, "8,7 / 12,5 kg", "ok", "Mardi"),
)

NAVIGATION = (
    ("Accueil", "home", True),
    ("Devis", "document-text", False),
    ("Projets", "briefcase", False),
    ("Atelier", "wrench-screwdriver", False),
    ("Séries", "queue-list", False),
    ("Stock", "archive-box", False),
    ("Clients", "users", False),
    ("Factures", "receipt-percent", False),
    ("Pilotage", "chart-bar", False),
    ("Réglages", "cog-6-tooth", False),
)


class PatternForm(forms.Form):
    """Every kind of field, some wrong."""

    surface = forms.DecimalField(
        label="Surface à traiter",
        help_text="Développée, deux faces.",
        widget=forms.TextInput(attrs={"data-unit": "m²"}),
    )
    gross = forms.DecimalField(label="Poids brut du carton", widget=forms.NumberInput(attrs={"data-unit": "kg"}))
    finish = forms.ChoiceField(label="Finition", choices=[("mat", "Mat"), ("satin", "Satin"), ("texture", "Texturé")])
    wanted_on = forms.DateField(label="Date souhaitée", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="Type de client", choices=[("pro", "Professionnel"), ("part", "Particulier")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    terms = forms.BooleanField(
        label="Le client accepte les conditions de vente", help_text="Version du 1er novembre 2026."
    )

    def clean_gross(self) -> Any:
        """The same refusal as a weighing that exceeds its carton."""
        gross = self.cleaned_data["gross"]
        if gross > 100:
            raise forms.ValidationError("14 200 kg dépasse un carton plein (20,6 kg). Vouliez-vous dire 14,2 kg ?")
        return gross


def samples() -> dict[str, Any]:
    """The context of the pattern page."""
    return {
        "swatches": [{"name": name, "colour": colour, "finish": finish} for name, colour, finish in SWATCHES],
        "batches": [
            dict(zip(("name", "note", "colour", "finish", "parts", "use", "tone", "due"), row, strict=True))
            for row in BATCHES
        ],
        "sample_navigation": [
            SimpleNamespace(label=label, url="#", icon=icon, current=current, badge=3 if label == "Devis" else None)
            for label, icon, current in NAVIGATION
        ],
        "steps": ["Réception", "Grenaillage", "Poudrage", "Cuisson 180 °C", "Contrôle"],
        "many_steps": [
            "Réception",
            "Décapage",
            "Grenaillage",
            "Primaire",
            "Poudrage",
            "Cuisson",
            "Contrôle",
            "Emballage",
        ],
        "tabs": [
            {"label": "Lignes", "url": "#", "current": True, "count": 12},
            {"label": "Documents", "url": "#", "current": False, "count": 3},
            {"label": "Historique", "url": "#", "current": False, "count": None},
        ],
        "page": Page([], "suivant", "precedent"),
        "form": PatternForm(
            {"surface": "12,40", "gross": "14200", "finish": "satin", "kind": "pro", "note": LONG}, auto_id="id_bad_%s"
        ),
        "empty_form": PatternForm(),
        "long": LONG,
    }
