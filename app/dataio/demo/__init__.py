"""The demonstration workshops: made by the product's own services, as if they had worked for six months."""
