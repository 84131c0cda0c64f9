"""What the program was left by: nothing that Python runs at its end is told.

An uncaught exception stays in `sys.last_value`, whatever hooks there are. The code of `sys.exit` is nowhere, so it is
noted as it is given, from the import of `deardiary` on: in `sys.exit(main())` the function is looked up before `main`
is called. Neither `raise SystemExit(3)` is seen, nor a `sys.exit` that was looked up before; then nothing is returned.
"""

import sys
from _thread import get_ident

TYPE_CHECKING = False  # as in the front door, which imports this

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any


class _Asked:
    """With what code the main thread was last asked to exit, and the outermost frame that the request can leave."""

    code: "Any" = None
    frame: "FrameType | None" = None


_asked = _Asked()


def listen() -> None:
    """Note what `sys.exit`, `exit` and `quit` are told from now on."""
    sys.exit = _noting(sys.exit)
    quitters: Any = sys.modules.get("_sitebuiltins")
    if quitters is not None:
        quitters.Quitter.__call__ = _noting(quitters.Quitter.__call__)


def _noting(before: "Callable[..., Any]") -> "Callable[..., Any]":
    def exit(*given: "Any", **named: "Any") -> "Any":
        try:
            return before(*given, **named)
        except SystemExit as error:
            if _is_main_thread():
                _asked.code, _asked.frame = error.code, _outermost()
            raise

    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(exit, name, getattr(before, name))
    exit.__wrapped__ = before  # type: ignore[attr-defined]  # for its signature
    return exit


def left_by() -> "BaseException | None":
    """Return what the program was left by; nothing if it came to its end, or if that cannot be known."""
    trace = getattr(sys, "last_traceback", None)
    is_prompt = hasattr(sys, "ps1")  # there an error ends nothing
    if trace is not None and not is_prompt and trace.tb_frame.f_back is None and _was_left(trace.tb_frame):
        return sys.last_value
    if _asked.frame is not None and _was_left(_asked.frame):
        return SystemExit(_asked.code)
    return None


def keep_interrupt() -> None:
    """Let Python end the process as Ctrl-C does: it forgets to whenever a text is evaluated, as some imports do."""
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        pass


def _was_left(frame: "FrameType") -> bool:
    """Return whether an exception went out of a frame: otherwise it has returned, or it goes on."""
    from opcode import opname

    return frame is not _outermost() and not opname[frame.f_code.co_code[frame.f_lasti]].startswith("RETURN")


def _outermost() -> "FrameType":
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
    return frame


def _is_main_thread() -> bool:
    threading: Any = sys.modules.get("threading")
    return threading is None or threading.main_thread().ident == get_ident()
