"""Ways of devices, for tests that need no more of a device than how it is reached."""

from showrunner.devices.vocabulary import Way

DIALLED = Way("api", "json", "client", "url")
PAGE = Way("page", "json", "server", "url")
