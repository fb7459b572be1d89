"""Evenings on which everything around a show goes wrong; what must not be lost is looked at afterwards."""
