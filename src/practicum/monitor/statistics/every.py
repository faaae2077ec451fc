"""All statistics, in the order of what they are of."""

from __future__ import annotations

from practicum.monitor.statistics.alignment import ALIGNMENT
from practicum.monitor.statistics.effective_rank import RANK
from practicum.monitor.statistics.firing import FIRING
from practicum.monitor.statistics.histogram import HISTOGRAM
from practicum.monitor.statistics.moments import DEVIATION, MEAN, ROOT_MEAN_SQUARE
from practicum.monitor.statistics.noise_scale import NOISE
from practicum.monitor.statistics.saturation import SLOPE
from practicum.monitor.statistics.statistic import Statistic
from practicum.monitor.statistics.update_ratio import UPDATE_RATIO

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
