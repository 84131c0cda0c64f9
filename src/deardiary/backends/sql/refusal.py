"""Why a Postgres server lets nobody in: the state of SQL, which libpq tells in its trace and nowhere else."""

import os
import re
import select
import time
from typing import Any

from psycopg import Error
from psycopg.pq import PGconn, PollingStatus

STATE = re.compile(rb'\tErrorResponse\t.*? C "(\w{5})"')

NO_PASSWORD = "28P01"


def state_of_refusal(conninfo: str, *, seconds: float) -> str:
    """Try once more to connect, and return the state with which the server refuses; nothing if it says none."""
    if not hasattr(os, "memfd_create"):  # nor could libpq trace
        return ""
    with os.fdopen(os.memfd_create("refusal"), "rb") as told:  # never on a disk: there may be a password in it
        connection = PGconn.connect_start(conninfo.encode())
        try:
            connection.trace(told.fileno())
            _connect(connection, time.monotonic() + seconds)
            connection.untrace()
            if connection.needs_password:
                return NO_PASSWORD
        except (Error, OSError, ValueError):
            return ""
        finally:
            connection.finish()
        told.seek(0)
        found = STATE.findall(told.read())
    return found[-1].decode() if found else ""


def _connect(connection: Any, until: float) -> None:
    """Let a connection be made or refused, in time."""
    wanted = PollingStatus.WRITING
    while wanted in (PollingStatus.READING, PollingStatus.WRITING):
        reads, writes = ([connection.socket], []) if wanted == PollingStatus.READING else ([], [connection.socket])
        if not any(select.select(reads, writes, [], max(until - time.monotonic(), 0.0))):
            raise TimeoutError
        wanted = PollingStatus(connection.connect_poll())
