"""Facts about what lies in a run folder."""

from practicum.runs.layout import FILES, NEEDED


def test_needed_files_have_names():
    """Whatever a prediction reads has a name on disk, and no two files share one."""
    assert set(NEEDED) <= set(FILES)
    assert len(set(FILES.values())) == len(FILES)
