"""What the workshops of the demonstration are asked to coat, with plausible sizes, times and fittings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.powders.models import Powder
from app.quotes.constants import LineKind, Shape
from app.quotes.models import QuoteLine

HOURLY_RATE = Decimal(45)
VAT = Decimal(20)


@dataclass(frozen=True)
class Piece:
    """A line to coat. Sizes in millimetres, surface in square metres for one part, minutes for the whole line."""

    designation: str
    powder: str
    minutes: int
    quantity: int = 1
    shape: Shape = Shape.SURFACE
    size: tuple[int | None, int | None, int | None] = (None, None, None)
    surface: str | None = None
    coats: int = 1
    primer: bool = False
    varnish: bool = False


@dataclass(frozen=True)
class Order:
    """What one customer asks for: pieces to coat, and services at a price."""

    title: str
    pieces: tuple[Piece, ...]
    services: Mapping[str, str] = field(default_factory=dict)
    final_use: str = ""
    trades: frozenset[str] = frozenset()


def _for(*trades: str) -> frozenset[str]:
    """The tags of the customers who ask for this."""
    return frozenset(trades)


FOR_COMPANIES = (
    Order(
        "Garde-corps de terrasse",
        (
            Piece("Panneaux de garde-corps 1 200 × 1 000", "ALP-SD-7016", 210, 8, surface="2.15", primer=True),
            Piece("Mains courantes Ø 42", "ALP-SD-7016", 45, 8, Shape.ROUND_TUBE, (1200, 42, None), primer=True),
        ),
        {"Sablage": "180"},
        "Extérieur, altitude 1 050 m",
        trades=_for("métallerie", "ferronnerie", "serrurerie", "escaliers"),
    ),
    Order(
        "Portail coulissant 4 m",
        (
            Piece("Vantail coulissant 4 000 × 1 600", "TP-7016-S", 180, 1, surface="13.40", primer=True),
            Piece("Poteau de guidage", "TP-7016-S", 20, 2, Shape.SQUARE_TUBE, (1900, 100, 100)),
        ),
        {"Sablage": "95", "Enlèvement et livraison": "70"},
        "Extérieur",
        trades=_for("portails", "ferronnerie", "serrurerie"),
    ),
    Order(
        "Châssis de machine",
        (Piece("Châssis mécano-soudé", "NP-5015-S", 95, 2, surface="4.80", primer=True),),
        trades=_for("machines"),
    ),
    Order(
        "Clôtures, série de 48 panneaux",
        (
            Piece("Panneaux de clôture 2 000 × 1 230", "TP-6005-B", 620, 48, surface="1.90"),
            Piece("Poteaux 60 × 60", "TP-6005-B", 110, 50, Shape.SQUARE_TUBE, (1700, 60, 60)),
        ),
        {"Conditionnement sur palettes": "120"},
        "Extérieur",
        trades=_for("clôtures"),
    ),
    Order(
        "Pergola bioclimatique",
        (
            Piece("Lames orientables", "TP-9016-S", 260, 22, Shape.BOX, (3000, 200, 40)),
            Piece("Poteaux 120 × 120", "TP-9016-S", 60, 4, Shape.SQUARE_TUBE, (2500, 120, 120)),
        ),
        {},
        "Extérieur",
        trades=_for("pergolas"),
    ),
    Order(
        "Limons d’escalier",
        (Piece("Limon acier 4 100", "TP-9005-M", 120, 2, Shape.PLATE, (4100, 260, None)),),
        {"Sablage": "85"},
        "Intérieur",
        trades=_for("escaliers", "métallerie"),
    ),
    Order(
        "Verrière d’atelier",
        (Piece("Cadre de verrière 2 400 × 2 200", "TP-9005-M", 150, 2, surface="3.30"),),
        {},
        "Intérieur, face visible sans trace",
        trades=_for("verrières", "métallerie"),
    ),
    Order(
        "Bancs publics",
        (Piece("Piètements de banc", "ALP-TX-7039", 140, 12, surface="0.95", primer=True),),
        {"Sablage": "110"},
        "Mobilier urbain",
        trades=_for("mobilier", "mobilier urbain", "collectivité"),
    ),
    Order(
        "Supports de panneaux solaires",
        (Piece("Rails de fixation", "NP-9006-MT", 190, 36, Shape.SQUARE_TUBE, (3200, 40, 40)),),
        trades=_for("machines", "charpente"),
    ),
    Order(
        "Cadres de vélo, série",
        (Piece("Cadre acier sur mesure", "NP-2004-B", 260, 5, surface="0.42", varnish=True),),
        {"Masquage des filetages": "60"},
        trades=_for("cycles"),
    ),
    Order(
        "Jantes de clients, quatre jeux",
        (Piece("Jante aluminium 18 pouces", "NP-9007-MT", 520, 16, surface="0.68", varnish=True),),
        {"Décapage chimique": "410"},
        trades=_for("jantes"),
    ),
    Order(
        "Cadres de moto anciens",
        (Piece("Cadre et bras oscillant", "TP-9005-S", 260, 3, surface="1.15", primer=True),),
        {"Sablage doux": "210"},
        trades=_for("moto"),
    ),
    Order(
        "Poutres et platines",
        (Piece("Poutre IPE 160, 3 m", "ALP-SD-7022", 160, 6, surface="1.86", primer=True),),
        {"Sablage SA 2,5": "240"},
        "Charpente extérieure",
        trades=_for("charpente"),
    ),
)

FOR_PEOPLE = (
    Order(
        "Cadre de vélo gravel",
        (Piece("Cadre et fourche", "NP-3020-B", 75, 1, surface="0.48", varnish=True),),
        {"Décapage": "45"},
        trades=_for("vélo"),
    ),
    Order(
        "Quatre jantes 17 pouces",
        (Piece("Jante aluminium 17 pouces", "NP-9007-MT", 160, 4, surface="0.62", varnish=True),),
        {"Décapage chimique": "120", "Démontage des pneus": "48"},
        trades=_for("jantes"),
    ),
    Order(
        "Salon de jardin",
        (
            Piece("Chaise", "TP-9010-B", 120, 6, surface="0.85"),
            Piece("Table ronde Ø 1 100", "TP-9010-B", 40, 1, surface="2.30"),
        ),
        {"Sablage": "90"},
        trades=_for("mobilier"),
    ),
    Order(
        "Radiateurs en fonte",
        (Piece("Radiateur 8 éléments", "TP-9010-B", 200, 5, surface="2.60"),),
        {"Sablage": "175"},
        "Chauffage central, 80 °C",
        trades=_for("radiateurs"),
    ),
    Order(
        "Cadre de moto ancienne",
        (
            Piece("Cadre", "TP-9005-S", 110, 1, surface="0.92", primer=True),
            Piece("Bras oscillant", "TP-9005-S", 25, 1, surface="0.25", primer=True),
        ),
        {"Sablage doux": "80"},
        trades=_for("moto"),
    ),
    Order(
        "Portillon de jardin",
        (Piece("Portillon 1 000 × 1 400", "TP-3004-S", 70, 1, surface="2.90", primer=True),),
        {"Sablage": "60"},
        "Extérieur",
        trades=_for("portail"),
    ),
    Order("Lit d’enfant en acier", (Piece("Lit démonté, 6 pièces", "NP-1003-B", 60, 1, surface="2.10"),)),
    Order(
        "Grille de fenêtre",
        (Piece("Grille forgée", "ALP-TX-9005", 55, 2, surface="1.05", primer=True),),
        {"Sablage": "50"},
        "Extérieur",
    ),
    Order("Étagères murales", (Piece("Équerre et tablette", "NP-6018-B", 45, 4, surface="0.55"),)),
)


def quote_lines(order: Order, powders: Mapping[str, Powder]) -> list[QuoteLine]:
    """The lines of a quote for this order, unsaved."""
    jobs = [_job(piece, powders[piece.powder]) for piece in order.pieces]
    items = [
        QuoteLine(kind=LineKind.ITEM, designation=name, unit_price=Decimal(price), vat_rate=VAT)
        for name, price in order.services.items()
    ]
    return [*jobs, *items]


def _job(piece: Piece, powder: Powder) -> QuoteLine:
    length, width, height = piece.size
    return QuoteLine(
        designation=piece.designation,
        quantity=Decimal(piece.quantity),
        shape=piece.shape,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        surface_m2=Decimal(piece.surface) if piece.surface else None,
        powder=powder,
        coats=piece.coats,
        primer=piece.primer,
        varnish=piece.varnish,
        labour_minutes=piece.minutes,
        hourly_rate=HOURLY_RATE,
        consumables=Decimal(6),
        energy=Decimal(14),
        vat_rate=VAT,
    )
