"""The publisher's catalogue and its history, and what each workshop has taken of it."""

from .catalogue import FeatureFlag, Offer, OveragePrice, PriceVersion, SaasSettings
from .history import CatalogChange, ChangeNotice
from .subscription import BillingOrder, SaasInvoice, ServiceCredit, SubscribedItem, Subscription, Trial, VatCheck

__all__ = [
    "BillingOrder",
    "CatalogChange",
    "ChangeNotice",
    "FeatureFlag",
    "Offer",
    "OveragePrice",
    "PriceVersion",
    "SaasInvoice",
    "SaasSettings",
    "ServiceCredit",
    "SubscribedItem",
    "Subscription",
    "Trial",
    "VatCheck",
]
