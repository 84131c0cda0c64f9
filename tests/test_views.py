"""What a run shows of itself: config, summary, and its picture in a notebook."""

import argparse
import copy
import dataclasses
import pickle
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from html.parser import HTMLParser
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

import deardiary
from deardiary import Run, beginning, current
from deardiary.core.errors import Duplicate, Invalid, Unprocessable
from deardiary.tracker import Tracker
from places import alone

Begin = Callable[..., Run]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in beginning.RANKS:
        monkeypatch.delenv(name, raising=False)
    yield alone(monkeypatch, tmp_path)
    for run in list(current._going):
        run.finish()


@pytest.fixture
def tracker() -> Tracker:
    return deardiary.open("memory://")


@pytest.fixture
def begin(tracker: Tracker) -> Begin:
    def begun(config: Any = None, name: str | None = None, *, project: str = "Iris", **named: Any) -> Run:
        return deardiary.init(project, name, config, **{"tracker": tracker, "snapshot": False, "quiet": True, **named})

    return begun


def texts(run: Run) -> dict[str, str]:
    return {row.key: row.value for row in run.tracker.get_parameters(run)}


# Config.


def test_a_setting_is_read_as_it_was_given(begin: Begin) -> None:
    given = {"lr": 1e-3, "depth": 3, "name": "0.1", "on": True, "none": None, "list": [1, "a"], "odd": -inf}

    config = begin(given).config

    assert dict(config) == given
    assert {key: type(value) for key, value in config.items()} == {key: type(value) for key, value in given.items()}


def test_a_setting_is_an_attribute_too(begin: Begin) -> None:
    config = begin({"lr": 0.1}).config
    config.lr = 0.2
    config.new = "new"

    assert (config.lr, config["lr"], config.new) == (0.2, 0.2, "new")


def test_nested_settings_are_read_in_steps_or_at_once(begin: Begin) -> None:
    config = begin({"opt": {"lr": 0.1, "inner": {"name": "adam"}}, "optional": 1}).config

    assert config["opt.inner.name"] == config["opt"]["inner"]["name"] == config.opt.inner.name == "adam"
    assert dict(config.opt) == {"lr": 0.1, "inner.name": "adam"}
    assert ("opt" in config, "op" in config, len(config.opt), list(config)) == (
        True,
        False,
        2,
        ["opt.lr", "opt.inner.name", "optional"],
    )


def test_nested_settings_are_set_in_steps_or_at_once(begin: Begin) -> None:
    run = begin({"opt": {"lr": 0.1}})
    run.config.opt.lr = 0.2
    run.config.opt.update(name="adam", inner={"eps": 1e-8})
    run.config["more"] = {"a": {"b": 1}}

    assert texts(run) == {"opt.lr": "0.2", "opt.name": "adam", "opt.inner.eps": "1e-08", "more.a.b": "1"}


def test_a_setting_that_is_not_there_is_named_with_what_is_near(begin: Begin) -> None:
    config = begin({"learning_rate": 0.1}).config

    with pytest.raises(KeyError, match=r"run IRI-1 has no parameter 'learning_rat'.*learning_rate"):
        config["learning_rat"]
    with pytest.raises(AttributeError, match="run IRI-1 has no parameter 'depth'"):
        _ = config.depth
    assert (config.get("depth"), config.get("depth", 3), hasattr(config, "depth")) == (None, 3, False)


def test_what_is_set_is_kept_and_may_be_changed(begin: Begin) -> None:
    run = begin({"lr": 0.1})
    run.config["lr"] = 0.2
    run.config["lr"] = "0.2"
    run.config.setdefault("lr", 5)
    run.config.setdefault("depth", 3)

    rows = run.tracker.get_parameters(run)
    assert [(row.key, row.value, row.type) for row in rows] == [("lr", "0.2", "str"), ("depth", "3", "int")]


def test_several_settings_are_set_at_once(begin: Begin) -> None:
    @dataclasses.dataclass
    class Model:
        depth: int = 3

    run = begin({"lr": 0.1})
    run.config.update({"lr": 0.2}, Model(), argparse.Namespace(seed=7), name="x")

    assert texts(run) == {"lr": "0.2", "depth": "3", "seed": "7", "name": "x"}


def test_values_that_must_not_change_are_refused(begin: Begin) -> None:
    run = begin({"lr": 0.1})

    with pytest.raises(Duplicate, match=r"parameter 'lr' of run IRI-1 is 0.1, and would become 0.2"):
        run.config.update(lr=0.2, depth=3, allow_val_change=False)
    run.config.update(lr=0.1, allow_val_change=False)

    assert texts(run) == {"lr": "0.1"}


def test_a_setting_cannot_be_taken_away(begin: Begin) -> None:
    config = begin({"lr": 0.1}).config

    for take in (lambda: config.pop("lr"), config.clear, lambda: config.__delitem__("lr")):
        with pytest.raises(Invalid, match=r"cannot be taken .*; tracker.delete_parameter"):
            take()


def test_an_ended_run_keeps_its_settings_as_they_are(begin: Begin) -> None:
    run = begin({"lr": 0.1})
    run.finish()

    with pytest.raises(Unprocessable, match="run IRI-1 has ended"):
        run.config["lr"] = 0.2
    assert run.config.lr == 0.1


@pytest.mark.parametrize("value", [object(), "x" * 2**17])
def test_a_value_that_cannot_be_kept_is_not_at_hand_either(begin: Begin, value: Any) -> None:
    run = begin()

    with pytest.raises(Invalid):
        run.config["odd"] = value

    assert (dict(run.config), texts(run)) == ({}, {})


def test_a_key_is_found_however_its_letters_are_written(begin: Begin) -> None:
    config = begin({"e\u0301t\xe9": 1}).config

    assert config["\xe9te\u0301"] == 1


def test_a_config_looks_like_a_dict(begin: Begin) -> None:
    run = begin({"lr": 0.1, "opt": {"name": "adam"}})

    assert isinstance(run.config, MutableMapping)
    assert (repr(run.config), repr(run.config.opt)) == ("{'lr': 0.1, 'opt.name': 'adam'}", "{'name': 'adam'}")
    assert run.config == {"lr": 0.1, "opt.name": "adam"}


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda config: pickle.loads(pickle.dumps(config))])
def test_a_copy_of_a_config_is_a_dict_of_its_own(begin: Begin, copied: Callable[[Any], Any]) -> None:
    run = begin({"lr": 0.1})

    mine = copied(run.config)
    mine["lr"] = 5

    assert (type(mine), run.config.lr) == (dict, 0.1)


def test_a_setting_may_have_any_name(begin: Begin) -> None:
    run = begin({"_run": 1, "_values": 2, "update": 3, "__class__": 4, "": {"a": 5}})

    assert [run.config[key] for key in ("_run", "_values", "update", "__class__")] == [1, 2, 3, 4]
    assert callable(run.config.update)


def test_settings_may_be_read_while_others_are_set(begin: Begin) -> None:
    config = begin({"a": 1, "b": 2}).config
    for key in config:
        config[f"{key} again"] = 0

    assert len(config) == 4


# Summary.


def test_the_summary_is_the_last_value_of_each_metric(begin: Begin) -> None:
    run = begin()
    for step, value in ((0, 1.0), (2, 3.0), (1, 2.0)):
        run.log({"loss": value, "val": {"acc": -value}}, step=step)

    assert isinstance(run.summary, Mapping)
    assert (dict(run.summary), len(run.summary), "loss" in run.summary) == ({"loss": 3.0, "val/acc": -3.0}, 2, True)
    assert repr(run.summary) == "{'loss': 3.0, 'val/acc': -3.0}"


def test_the_summary_knows_what_others_have_logged(begin: Begin, tracker: Tracker) -> None:
    run = begin()
    tracker.create_metric(run, "acc", 0.9)

    assert run.summary["acc"] == 0.9


def test_a_metric_that_is_not_there_is_named_with_what_is_near(begin: Begin) -> None:
    run = begin()
    run.log({"accuracy": 0.9})

    with pytest.raises(KeyError, match=r"run IRI-1 has no metric 'acuracy'.*accuracy"):
        run.summary["acuracy"]
    assert run.summary.get("f1") is None


def test_the_summary_follows_the_metrics_and_is_not_set(begin: Begin) -> None:
    run = begin()

    with pytest.raises(Invalid, match=r"the summary follows the metrics; to set 'best': run.log\({'best': 0.9}\)"):
        run.summary["best"] = 0.9
    with pytest.raises(Invalid, match=r"the summary follows the metrics; to add to it: run\.log"):
        run.summary.update(best=0.9)
    with pytest.raises(AttributeError):
        run.summary.best = 0.9  # type: ignore[attr-defined]  # that is the test


def test_the_summary_of_an_ended_run_stays(begin: Begin) -> None:
    run = begin()
    run.log({"loss": nan})
    run.finish()

    assert repr(dict(run.summary)) == "{'loss': nan}"
    assert repr(copy.deepcopy(run.summary)) == "{'loss': nan}"


# What it looks like.


def test_a_run_says_what_it_is_in_a_line(begin: Begin) -> None:
    run = begin(name="first", experiment="sweep")
    assert repr(run) == "<Run IRI-1 'first' in Iris/sweep: running>"

    run.log({"loss": 1 / 3, "acc": nan, "f1": 1e20, "more": 1})
    run.finish("failed")
    assert repr(run) == "<Run IRI-1 'first' in Iris/sweep: failed, loss 0.33333, acc nan, f1 1e+20>"


class Tags(HTMLParser):
    """What tags a text has, and what stands between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.open, self.said = set[str](), list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


EVIL = "<script>alert('&amp;\"')</script>"


def test_no_text_of_a_run_becomes_html(begin: Begin) -> None:
    run = begin({EVIL: EVIL}, EVIL, project=EVIL, experiment=EVIL)
    for value in (1, 2):
        run.log({EVIL: value})

    found = Tags(run._repr_html_())

    assert "script" not in found.tags
    assert found.open == []
    assert "".join(found.said).count(EVIL) == 6


def test_a_picture_has_parameters_metrics_and_curves(begin: Begin) -> None:
    run = begin({"lr": 0.1})
    for value in (3, 1, 2):
        run.log({"loss": value})
    run.log({"single": 7})

    found = Tags(run._repr_html_())

    assert {"lr", "0.1", "loss", "2", "single", "7", "IRI-1"} <= set(found.said)
    assert {"svg", "polyline", "table"} <= found.tags
    assert run._repr_html_().count("<svg") == 1


def test_an_empty_run_has_a_picture_without_tables(begin: Begin) -> None:
    assert "table" not in Tags(begin()._repr_html_()).tags


@pytest.mark.parametrize(
    "values",
    [
        [nan, nan],
        [1, nan, 2],
        [inf, 1, 2],
        [-inf, inf],
        [1, 1, 1],
        [-1.7976931348623157e308, 1.7976931348623157e308],
        [5e-324, 0.0],
    ],
)
def test_a_curve_is_drawn_of_what_are_numbers(begin: Begin, values: list[float]) -> None:
    run = begin()
    for step, value in enumerate(values):
        run.log({"odd": value}, step=step * 2**40)

    found = run._repr_html_()

    assert ("points=" in found) == (sum(value - value == 0 for value in values) > 1)
    if "points=" in found:
        path = found.partition('points="')[2].partition('"')[0]
        assert all(0 <= float(part) <= 120 for pair in path.split() for part in pair.split(","))
