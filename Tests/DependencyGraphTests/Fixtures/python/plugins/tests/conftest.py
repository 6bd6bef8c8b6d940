import os

pytest_plugins = [
    "tests.fixtures.db",
    "tests.fixtures.web",
]
