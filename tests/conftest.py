"""What every test has."""

import os

from hypothesis import settings

from faults import (
    pytest_addoption,
    pytest_runtest_logreport,
    pytest_runtest_setup,
    pytest_sessionfinish,
    pytest_terminal_summary,
)

__all__ = [
    "pytest_addoption",
    "pytest_runtest_logreport",
    "pytest_runtest_setup",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
]

os.environ["ROBODINE_TCP_PORT"] = "0"
"""Tests run side by side, and next to a server: none takes the port where robots report."""

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")
"""How long an example takes says something of the machine only."""
