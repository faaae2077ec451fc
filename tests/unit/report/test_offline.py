"""Facts about what every page is made of."""

import base64
import hashlib

from practicum.report.charts import Figure
from practicum.report.offline import embedded, own_text, plotly_script, policy


def test_no_text_can_end_the_script():
    """Whatever a column or layer is called."""
    text = embedded([Figure("a", "</script><script>", "", (), [{"name": "<!-- & -->"}])])

    assert not any(letter in text for letter in "<>&")


def test_the_policy_names_each_script_and_nothing_else():
    """By their digests."""
    digest = base64.b64encode(hashlib.sha256(b"one").digest()).decode()

    assert policy("one").startswith(f"default-src 'none'; script-src 'sha256-{digest}'; ")


def test_texts_lie_beside_the_module():
    """And the plot library is whole."""
    assert "<html" in own_text("loop.html.j2")
    assert len(plotly_script()) > 1_000_000
