"""Plans, options and prices beyond quotas that are supplied but not sold: the publisher activates or copies them.

None is public nor can be subscribed until then, and none changes Lite and Pro.
"""

from dataclasses import dataclass
from decimal import Decimal

from app.entitlements.constants import Dimension, Feature

from .constants import CORE, GIGABYTE, InitialOffer, OfferKind, SupportLevel

_D, _F = Dimension, Feature
_WITHOUT_PORTAL = tuple(feature for feature in CORE if feature != Feature.PORTAL)
_SMALL_FIRM = (*CORE, _F.SMART_STOCK, _F.REPORTING, _F.API, _F.WHEELS, _F.LEAD_SCORING, _F.ACCOUNT_MANAGER)
_LARGE_FIRM = (*_SMALL_FIRM, _F.SERVICE_LEVEL, _F.DEDICATED_ONBOARDING, _F.TEAM_TRAINING, _F.TERRITORIES,
               _F.SUPPORT_ALWAYS)  # fmt: skip

PRESET_PLANS = (
    InitialOffer(
        key="preset-free",
        name="FREE",
        price_excl_tax=Decimal(0),
        description="Pour découvrir, seul.",
        features=_WITHOUT_PORTAL,
        limits={
            _D.USERS: 1,
            _D.CONTACTS: 100,
            _D.QUOTES: 10,
            _D.EMAILS: 100,
            _D.TEXTS: 50,
            _D.BANK_CONNECTIONS: 1,
            _D.INTEGRATIONS: 2,
        },
    ),
    InitialOffer(
        key="preset-starter",
        name="STARTER",
        price_excl_tax=Decimal("49.00"),
        description="Pour une petite équipe.",
        features=_WITHOUT_PORTAL,
        limits={
            _D.USERS: 3,
            _D.CONTACTS: 1000,
            _D.QUOTES: 100,
            _D.EMAILS: 1000,
            _D.TEXTS: 500,
            _D.BANK_CONNECTIONS: 3,
            _D.INTEGRATIONS: 5,
        },
        support_level=SupportLevel.CHAT,
    ),
    InitialOffer(
        key="preset-pro",
        name="PRO",
        price_excl_tax=Decimal("149.00"),
        description="Recommandé aux PME : espace client, score des prospects, interlocuteur dédié.",
        features=_SMALL_FIRM,
        limits={_D.USERS: 10, _D.EMAILS: 10_000, _D.TEXTS: 2000},
        support_level=SupportLevel.PRIORITY,
    ),
    InitialOffer(
        key="preset-enterprise",
        name="ENTERPRISE",
        price_excl_tax=None,
        description="Sur devis, environ 500 € par mois : disponibilité de 99,9 %, territoires.",
        features=_LARGE_FIRM,
        limits={_D.EMAILS: 10_000, _D.TEXTS: 2000, _D.API_REQUESTS: 100_000},
        support_level=SupportLevel.ALWAYS,
    ),
)

PRESET_OPTIONS = (
    InitialOffer(
        key="preset-trade-module",
        name="Module métier supplémentaire",
        price_excl_tax=Decimal("20.00"),
        description="ThermoGestion Jantes, en plus du plan.",
        kind=OfferKind.OPTION,
        features=(_F.WHEELS,),
    ),
    InitialOffer(
        key="preset-whatsapp",
        name="WhatsApp Business",
        price_excl_tax=Decimal("30.00"),
        description="Messages WhatsApp, modèles illimités.",
        kind=OfferKind.OPTION,
        features=(_F.WHATSAPP,),
    ),
    InitialOffer(
        key="preset-signatures",
        name="Signatures électroniques externes",
        price_excl_tax=Decimal("15.00"),
        description="50 signatures par mois.",
        kind=OfferKind.OPTION,
        features=(_F.EXTERNAL_SIGNATURE,),
        limits={_D.SIGNATURES: 50},
    ),
    InitialOffer(
        key="preset-storage",
        name="Stockage supplémentaire",
        price_excl_tax=Decimal("10.00"),
        description="100 Go de plus.",
        kind=OfferKind.OPTION,
        limits={_D.STORAGE: 100 * GIGABYTE},
    ),
)

PRESETS = (*PRESET_PLANS, *PRESET_OPTIONS)


@dataclass(frozen=True)
class InitialOverage:
    """A price beyond a quota, in EUR excluding tax."""

    dimension: Dimension
    unit_price: Decimal
    per_units: int = 1


PRESET_OVERAGES = (
    InitialOverage(_D.EMAILS, Decimal("0.02")),
    InitialOverage(_D.TEXTS, Decimal("0.05")),
)
