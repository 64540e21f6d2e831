"""What was measured, and what could not be, with the reason."""
import subprocess


class NotMeasured(Exception):
    """Why a part gave no figure, in one line."""


class Samples:
    """What was measured, by figure; and for what could not be, the first reason."""

    def __init__(self):
        self.values = {}
        self.reasons = {}
        self.notes = []

    def add(self, name, value):
        if value is not None:
            self.values.setdefault(name, []).append(value)

    def measure(self, names, part):
        """Runs a part that fills the figures of those names; what it cannot measure is remembered with the reason."""
        try:
            return part()
        except (NotMeasured, subprocess.SubprocessError, OSError) as error:
            for name in names:
                self.reasons.setdefault(name, str(error))
            return None

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)
