"""All statistics, in the order of what they are of."""

from __future__ import annotations

from practicum.statistics.alignment import ALIGNMENT
from practicum.statistics.effective_rank import RANK
from practicum.statistics.firing import FIRING
from practicum.statistics.histogram import HISTOGRAM
from practicum.statistics.moments import DEVIATION, MEAN, ROOT_MEAN_SQUARE
from practicum.statistics.noise_scale import NOISE
from practicum.statistics.saturation import SLOPE
from practicum.statistics.statistic import Statistic
from practicum.statistics.update_ratio import UPDATE_RATIO

STATISTICS: tuple[Statistic, ...] = (
    MEAN,
    DEVIATION,
    ROOT_MEAN_SQUARE,
    HISTOGRAM,
    FIRING,
    SLOPE,
    RANK,
    UPDATE_RATIO,
    ALIGNMENT,
    NOISE,
)
