"""The second door holds what it says, sorted, and nothing else."""

import inspect

import pytest

from deardiary import plugin


def test_the_public_names_of_the_plugin_door_are_sorted_and_there() -> None:
    names = plugin.__all__

    assert names == sorted(names, key=lambda name: (name.islower(), name))
    assert all(hasattr(plugin, name) for name in names)


def test_the_plugin_door_has_no_other_names() -> None:
    public = {name for name in vars(plugin) if name[0] not in "_@"}

    assert public == set(plugin.__all__)


def test_every_public_name_is_explained() -> None:
    unexplained = [
        name for name in plugin.__all__ if inspect.isclass(getattr(plugin, name)) and not getattr(plugin, name).__doc__
    ]

    assert unexplained == []


def test_names_of_other_trackers_are_answered_with_ours() -> None:
    import deardiary

    with pytest.raises(AttributeError, match=r"deardiary has no 'Image'; keep a picture as an artifact"):
        _ = deardiary.Image  # type: ignore[attr-defined]  # that is the point


def test_without_a_run_there_is_no_config() -> None:
    import deardiary

    assert not hasattr(deardiary, "config")
    with pytest.raises(AttributeError, match="no run goes on; begin one first"):
        _ = deardiary.summary
