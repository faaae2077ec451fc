"""Every hyper-parameter of a recipe, once: default, range, scale, and the recommendation it follows.

The recipe takes its defaults and checks from here, the search its ranges, the documentation its table. The rows stand
in `tables/settings_*.py`.
Source: Bengio 2012, section 3; ranges that the chapter leaves open say where they come from.
"""

from __future__ import annotations

from practicum.core.guide.model import Setting
from practicum.core.guide.tables.settings_criterion import BATCHES, PENALTIES
from practicum.core.guide.tables.settings_model import MODEL, PREPARATION, SHAPE, VIEW
from practicum.core.guide.tables.settings_rate import RATE
from practicum.core.guide.tables.settings_stopping import STOPPING

SETTINGS: dict[str, Setting] = {
    setting.name: setting for setting in (*PREPARATION, *VIEW, *MODEL, *RATE, *BATCHES, *PENALTIES, *STOPPING)
}

SEARCHED: dict[str, Setting] = {**SETTINGS, **{setting.name: setting for setting in SHAPE}}
"""All that a space may vary: the settings, and what makes `hidden_sizes` of equal layers [3.2-02]."""
