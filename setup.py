"""Finds the packages, so that a new device's folder needs no line anywhere; all else stands in pyproject.toml."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["showrunner", "showrunner.*"]), "showrunner.grammar"])
