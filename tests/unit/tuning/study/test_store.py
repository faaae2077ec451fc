"""The study of a run, in memory, in a file and in a database."""

import json
import math
import subprocess
import sys
from wsgiref.util import setup_testing_defaults

import optuna
import pytest

from practicum.core.errors import ConfigError
from practicum.recipe.space import Choice, Entry, Log, SometimesOff, Space
from practicum.tuning.study import Store
from practicum.tuning.trial import Tried

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-5, 1.0)),
        Entry("l2_penalty", SometimesOff(Log(1e-6, 1.0))),
        Entry("activation", Choice(("tanh", "relu"))),
    )
)


def some(count, first=0, phase="wide"):
    """Return finished trials: good ones, a halted one, a diverged one, in turn."""
    found = []
    for number in range(first, first + count):
        values = SPACE.values(
            {"learning_rate": number / 100, "l2_penalty": (number % 2) * 0.9, "activation": 0.3}
        )
        outcome = [
            {"error": 0.2 + number / 100},
            {"error": 0.5, "halted": True},
            {"error": math.inf, "diverged": True},
        ][number % 3]
        curve = ((100, 0.9), (200, 0.5 + number / 1000))
        found.append(
            Tried(
                number,
                values,
                cost=0.5,
                age=200,
                phase=phase,
                curve=curve,
                standard_error=0.01,
                seed=3,
                **outcome,
            )
        )
    return found


@pytest.fixture(params=["memory", "journal", "sqlite"])
def location(request, tmp_path):
    """Return a location of each kind."""
    return {"memory": None, "journal": tmp_path / "study", "sqlite": f"sqlite:///{tmp_path}/team.db"}[
        request.param
    ]


@pytest.fixture(params=["journal", "sqlite"])
def lasting(request, tmp_path):
    """Return a location that outlasts a process."""
    return {"journal": tmp_path / "study", "sqlite": f"sqlite:///{tmp_path}/team.db"}[request.param]


def test_what_is_added_is_read_back(location):
    """Every field of every trial survives, in the order of the numbers, over several phases."""
    tried = [*some(5), *some(4, first=5, phase="zoom 1")]
    with Store.open(location, "adult") as store:
        store.add(tried[3:], SPACE)
        store.add(tried[:3], SPACE)

        assert store.tried() == tried


def test_a_phase_is_a_linked_study(location):
    """The run's study holds its first phase; each other phase is a study that names the one before."""
    with Store.open(location, "adult") as store:
        for number, phase in enumerate(("wide", "zoom 1", "zoom 2")):
            store.add(some(2, first=2 * number, phase=phase), SPACE)
        studies = [optuna.load_study(storage=store.storage, study_name=name) for name in store.studies]

    assert store.studies == ("adult", "adult/zoom 1", "adult/zoom 2")
    assert [study.user_attrs["parent"] for study in studies] == [None, "adult", "adult/zoom 1"]
    assert [study.user_attrs["phase"] for study in studies] == ["wide", "zoom 1", "zoom 2"]
    assert studies[1].user_attrs["space"] == SPACE.as_mapping()


def test_a_run_is_resumed_with_nothing_lost_or_doubled(lasting):
    """After the first process a second goes on; trials that are there already are left as they are."""
    with Store.open(lasting, "adult") as store:
        store.add(some(4), SPACE)
    with Store.open(lasting, "adult", resume=True) as store:
        store.add([*some(6), *some(2, first=6, phase="zoom 1")], SPACE)
    with Store.read(lasting, "adult") as store:
        found = store.tried()

    assert found == [*some(6), *some(2, first=6, phase="zoom 1")]


def test_a_name_that_is_taken_is_refused(lasting):
    """A second run does not write into the first's study by accident."""
    with Store.open(lasting, "adult") as store:
        store.add(some(4), SPACE)

    with pytest.raises(
        ConfigError, match=r'got name="adult" \(in .*, where it has 4 trials\). Resume that run'
    ):
        Store.open(lasting, "adult")


def test_an_empty_study_is_free(lasting):
    """A run that failed before its first trial does not block its name; nor does it stand in the way while it lives."""
    with pytest.raises(RuntimeError, match="early"), Store.open(lasting, "adult"):
        raise RuntimeError("early")
    with Store.open(lasting, "adult") as store:
        store.add(some(2), SPACE)

        assert store.tried() == some(2)


def test_two_runs_on_one_study_are_refused(lasting, monkeypatch):
    """While a run is alive, no other may resume it; it may be read."""
    monkeypatch.setattr("practicum.tuning.study.owner.WAIT_SECONDS", 0.0)
    with Store.open(lasting, "adult") as store:
        store.add(some(2), SPACE)
        with pytest.raises(ConfigError, match="must have one run at a time"):
            Store.open(lasting, "adult", resume=True)
        with Store.read(lasting, "adult") as reader:
            assert len(reader.tried()) == 2
        store.beat()
        store.add(some(2, first=2), SPACE)

        assert len(store.tried()) == 4


def test_resuming_what_is_not_there_begins_it(lasting):
    """A run killed before its study was made is resumed all the same."""
    with Store.open(lasting, "adult", resume=True) as store:
        assert store.tried() == []


def test_memory_is_saved_as_a_journal(tmp_path):
    """The file at the end is what a journal would have been: it can be read and resumed."""
    tried = [*some(5), *some(4, first=5, phase="zoom 1")]
    with Store.open(None, "adult") as store:
        store.add(tried, SPACE)
        store.save(tmp_path / "study.journal")
        store.save(tmp_path / "study.journal")
    with Store.open(tmp_path / "study.journal", "adult", resume=True) as again:
        assert again.studies == store.studies
        assert again.tried() == tried
    assert [path.name for path in tmp_path.iterdir()] == ["study.journal"]


def test_an_empty_study_is_saved_too(tmp_path):
    """A search that was interrupted at once leaves a study."""
    with Store.open(None, "adult") as store:
        store.save(tmp_path / "study.journal")
    with Store.read(tmp_path / "study.journal", "adult") as again:
        assert again.tried() == []


def test_a_study_of_another_program_is_refused(lasting):
    """A study that we did not write is not taken for ours."""
    with Store.open(lasting, "ours") as store:
        optuna.create_study(storage=store.storage, study_name="theirs")

    with pytest.raises(ConfigError, match=r'must be of format 1, but got format=None \("theirs"'):
        Store.open(lasting, "theirs", resume=True)


def test_a_study_that_is_not_there_cannot_be_read(lasting):
    """The name is wrong, or the place."""
    with Store.open(lasting, "adult"):
        pass

    with pytest.raises(ConfigError, match="`storage` must be one that can be opened"):
        Store.read(lasting, "iris")


KILLED = """
import os, sys
sys.path.insert(0, sys.argv[2])
from test_store import SPACE, Store, some
store = Store.open(sys.argv[1], "adult")
store.add(some(7), SPACE)
os.kill(os.getpid(), 9)
"""


def test_a_killed_run_lost_nothing_and_is_resumed_at_once(lasting, request):
    """What was added before kill -9 is there, and nobody waits for the dead."""
    folder = str(request.path.parent)
    subprocess.run([sys.executable, "-c", KILLED, str(lasting), folder], check=False, capture_output=True)
    with Store.open(lasting, "adult", resume=True) as store:
        assert store.tried() == some(7)


def asked(app, path):
    """Return what a web application answers, without a server."""
    environment = {"PATH_INFO": path, "QUERY_STRING": ""}
    setup_testing_defaults(environment)
    statuses = []
    body = b"".join(app(environment, lambda status, *_: statuses.append(status)))
    assert statuses == ["200 OK"], body
    return json.loads(body)


@pytest.mark.filterwarnings("ignore")  # of the dashboard's own
def test_the_dashboard_shows_our_trials_and_their_curves(location):
    """`optuna-dashboard` lists the studies of a run and each trial with its curve, in its state."""
    import optuna_dashboard

    with Store.open(location, "adult") as store:
        store.add([*some(3), *some(3, first=3, phase="zoom 1")], SPACE)
        app = optuna_dashboard.wsgi(store.storage)
        studies = asked(app, "/api/studies")["study_summaries"]
        trials = [trial for s in studies for trial in asked(app, f"/api/studies/{s['study_id']}")["trials"]]

    assert [study["study_name"] for study in studies] == ["adult", "adult/zoom 1"]
    assert [trial["state"] for trial in trials] == ["Complete", "Pruned", "Fail"] * 2
    assert [[v["step"] for v in trial["intermediate_values"]] for trial in trials] == [[100, 200]] * 6
    assert trials[0]["intermediate_values"][1]["value"] == 0.5
    assert {p["name"] for p in trials[1]["params"]} == {
        "learning_rate",
        "l2_penalty?",
        "l2_penalty",
        "activation",
    }


def test_optuna_can_tell_which_parameter_matters(location):
    """What is stored is what Optuna's own analysis reads."""
    with Store.open(location, "adult") as store:
        store.add([one for one in some(60) if one.number % 3 == 0], SPACE)
        study = optuna.load_study(storage=store.storage, study_name="adult")

        assert study.best_trial.user_attrs["number"] == 0
        assert "learning_rate" in optuna.importance.get_param_importances(study, params=["learning_rate"])


def test_a_store_says_nothing(location, capfd):
    """Optuna's own messages are silenced within our calls, and only there."""
    before = optuna.logging.get_verbosity()
    with Store.open(location, "adult") as store:
        store.add(some(3), SPACE)
        store.tried()

    assert capfd.readouterr() == ("", "")
    assert optuna.logging.get_verbosity() == before
