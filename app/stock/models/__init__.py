"""What is stocked and how it moves (`flow`), and what the days of the workshop ask to weigh (`planning`)."""

from .flow import Carton, Item, Level, Movement, Posting, Transfer, Weighing
from .planning import DailyPick, InventoryLine, InventoryPlan, StockSettings

__all__ = [
    "Carton",
    "DailyPick",
    "InventoryLine",
    "InventoryPlan",
    "Item",
    "Level",
    "Movement",
    "Posting",
    "StockSettings",
    "Transfer",
    "Weighing",
]
