"""The guide as data: every recommendation once, with its text, settings, code, test and status.

``tables`` hold the texts, ``settings.py`` the hyper-parameters, ``evidence.txt`` the links to code and tests.
Defaults, search spaces, documentation and ``practicum guide`` are made from here. Imports nothing heavy.
"""

from practicum.core.guide.lookup import GUIDE, get, search, setting
from practicum.core.guide.model import Recommendation, Setting
from practicum.core.guide.settings import SETTINGS

__all__ = ["GUIDE", "SETTINGS", "Recommendation", "Setting", "get", "search", "setting"]
