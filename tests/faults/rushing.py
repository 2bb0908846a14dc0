"""A crowd of clients in four processes that all ask at one moment."""

import json
import subprocess
import sys
import time
from typing import Any

from backend.kernel.settings import ROOT

PROCESSES = 4


class Crowd:
    """Four processes of clients, kept from round to round."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.faults.rush", url]
        self._processes = [
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(PROCESSES)
        ]

    def ask(self, wanted: list[Any]) -> list[tuple[int, str | None]]:
        """Everything at one moment; the answers in order."""
        parts = [wanted[n::PROCESSES] for n in range(PROCESSES)]
        for process, part in zip(self._processes, parts, strict=True):
            self._write(process, json.dumps(part))
        moment = str(time.time() + 0.3)
        for process in self._processes:
            self._write(process, moment)
        answers: list[Any] = [None] * len(wanted)
        for n, process in enumerate(self._processes):
            assert process.stdout is not None
            answers[n::PROCESSES] = json.loads(process.stdout.readline())
        return [(status, code) for status, code in answers]

    @staticmethod
    def _write(process: "subprocess.Popen[str]", line: str) -> None:
        assert process.stdin is not None
        process.stdin.write(line + "\n")
        process.stdin.flush()

    def stop(self) -> None:
        for process in self._processes:
            process.communicate(timeout=30)
