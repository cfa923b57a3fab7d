"""Stock: who knows what powder will be needed."""

#: `(workshop) -> Iterable[Demand]` each, for accepted quotes, running projects, planned batches.
STOCK_DEMANDS: list[str] = ["app.projects.demand.quote_demand", "app.batches.demand.powder_demand"]
