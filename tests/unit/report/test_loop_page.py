"""Facts about the page of a loop."""

from tests.made_facts import a_look, a_unit

from practicum.core.finding import Finding
from practicum.monitor.facts import Facts
from practicum.report.loop_page import headline, render_loop, write_loop_report

FOUND = Finding("R001", "critical", (("C1", 1.0),), "<b>47</b> of 48.", "Reset them.", "fault-C1")


def test_the_verdict_is_the_gravest_finding():
    """What is worth knowing alone is no verdict."""
    facts = Facts(num_steps=1)
    info = Finding("R014", "info", (("D1", 1.0),), "e", "a", "s")

    assert headline(facts, (FOUND, info)).startswith("Something is wrong: ")
    assert headline(facts, (info,)) == "It looks healthy."


def test_the_page_says_everything_and_runs_no_text_of_the_user(tmp_path):
    """Names of layers are text."""
    facts = Facts(num_steps=1, losses=[1.0], looks=[a_look(units=(a_unit(name="<script>x"), a_unit()))])
    facts.failures = ("<i>odd</i>",)
    write_loop_report(facts, (FOUND,), tmp_path / "run.html")
    page = (tmp_path / "run.html").read_text(encoding="utf-8")

    assert "&lt;b&gt;47&lt;/b&gt; of 48." in page
    assert "&lt;i&gt;odd" in page
    assert "<script>x" not in page
    assert 'id="signal"' in page


def test_nothing_seen_is_a_page_too():
    """It says so."""
    assert "Nothing was seen." in render_loop(Facts(), ())
