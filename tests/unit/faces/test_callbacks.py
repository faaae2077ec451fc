"""Facts about the callbacks' public names; what they do is tested with each library in `adapters/`."""

import sys

import pytest

import practicum
from practicum.core.errors import MissingExtraError

LIBRARIES = {
    "lightning_callback": ("lightning", "lightning"),
    "trainer_callback": ("transformers", "huggingface"),
    "skorch_callback": ("skorch", "skorch"),
}


@pytest.mark.parametrize("name", list(LIBRARIES))
def test_without_the_library_the_install_command_is_said(name, monkeypatch):
    library, module = LIBRARIES[name]
    loaded = [one for one in sys.modules if one == library or one.startswith(f"{library}.")]
    for one in (*loaded, f"practicum.faces.adapters.{module}"):
        monkeypatch.delitem(sys.modules, one, raising=False)
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(MissingExtraError, match=r'pip install "practicum\[adapters\]"'):
        getattr(practicum, name)()


@pytest.mark.parametrize("name", list(LIBRARIES))
def test_a_callback_is_made_as_its_class_makes_it(name):
    library, module = LIBRARIES[name]
    pytest.importorskip(library, reason="the extra `adapters` is not installed")
    home = pytest.importorskip(f"practicum.faces.adapters.{module}", reason="the library cannot be imported")
    said = []
    callback = getattr(practicum, name)(valid_loss="a", valid_error="b", say=said.append)

    assert type(callback) is home.MonitorCallback
    assert (callback.valid_loss, callback.valid_error) == ("a", "b")
    callback.session_.say("hello")
    assert said == ["hello"]
