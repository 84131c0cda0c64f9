"""A program that runs another for as long as its own owner lives: `keeper.py <folder> <user> <group> <command> …`.

Each byte it reads is the number of a signal for the other program. When there is nothing more to read, its owner has
gone, however it was killed: it ends the other program, and removes the folder. It needs nothing but Python.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading

PR_SET_PDEATHSIG = 1


def main(folder: str, user: str, group: str, *command: str) -> int:
    """Run a command, as a user if one is named by number, and return its exit code."""
    others = {"user": int(user), "group": int(group), "extra_groups": []} if user else {}
    # Nothing else runs here yet: what is done between fork and exec is safe.
    kept = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_end_with_keeper, **others)  # type: ignore[call-overload]
    is_left = threading.Event()

    def obey() -> None:
        while heard := os.read(0, 1):
            kept.send_signal(heard[0])
        is_left.set()
        kept.send_signal(signal.SIGQUIT)

    threading.Thread(target=obey, name="obey", daemon=True).start()
    code = kept.wait()
    if is_left.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return code


def _end_with_keeper() -> None:
    """Have the system end the program should this one be killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


if __name__ == "__main__":
    # A thread may still be reading.
    os._exit(main(*sys.argv[1:]) & 0xFF)
