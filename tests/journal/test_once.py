"""What comes amid something else waits for its end, and no longer."""

import threading

from deardiary.journal.once import Once


def test_what_comes_amid_something_is_done_after_it() -> None:
    once, done = Once(), []

    def outer() -> None:
        assert once.is_amid()
        once.do(lambda: done.append("inner"))
        done.append("outer")

    once.do(outer)

    assert done == ["outer", "inner"]
    assert not once.is_amid()


def test_another_thread_need_not_wait() -> None:
    once, done = Once(), []

    def outer() -> None:
        thread = threading.Thread(target=once.do, args=(lambda: done.append("other"),))
        thread.start()
        thread.join()
        done.append("outer")

    once.do(outer)

    assert done == ["other", "outer"]


def test_what_waits_is_done_while_the_other_rests() -> None:
    once, done = Once(), []

    def outer() -> None:
        once.do(lambda: done.append("inner"))
        once.rest(0)
        done.append("outer")
        assert once.is_amid()

    once.do(outer)

    assert done == ["inner", "outer"]


def test_while_one_rests_nothing_has_to_wait() -> None:
    once, amid = Once(), []

    def outer() -> None:
        once.do(lambda: amid.append(once.is_amid()))
        once.rest(0)

    once.do(outer)

    assert amid == [False]


def test_what_is_to_come_after_everything_does() -> None:
    once, done = Once(), []

    def outer() -> None:
        once.after(lambda: done.append(once.is_amid()))
        once.do(lambda: done.append("inner"))

    once.do(outer)
    once.do(lambda: done.append("next"))

    assert done == ["inner", False, "next"]
