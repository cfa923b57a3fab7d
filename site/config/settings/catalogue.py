"""The maker's shop, whose catalogue every workshop may copy from. Without it, the catalogue is what was read last."""

import environ

_env = environ.Env()

#: The export of the ThermoGestion module of the shop, and the secret that both sign with.
CATALOGUE_URL = _env("CATALOGUE_URL", default="")
CATALOGUE_SECRET = _env("CATALOGUE_SECRET", default="")
#: Or PrestaShop's own web service (https://shop/api) and its key.
CATALOGUE_API_URL = _env("CATALOGUE_API_URL", default="")
CATALOGUE_API_KEY = _env("CATALOGUE_API_KEY", default="")
