"""Active time on one card: counts while the person is in front of the window and gives signs of life.

The clock is handed in; nothing here sleeps or knows any window.
"""

from collections.abc import Callable

IDLE_SECONDS = 60.0
"""So long after the last sign of life the person counts as away."""


class ActiveTime:
    """A stopwatch that stands still while the window is not in front or nothing has happened for a minute.

    `clock` gives seconds that never run backwards.
    """

    def __init__(self, clock: Callable[[], float], idle_seconds: float = IDLE_SECONDS) -> None:
        self._clock = clock
        self._idle = idle_seconds
        self._counted = 0.0
        self._seen = clock()
        self._present = True

    def restart(self, seconds: float = 0.0) -> None:
        """Begin a new card, with `seconds` spent on it before."""
        self._counted = seconds
        self._seen = self._clock()

    def touch(self) -> None:
        """A sign of life: a key, the mouse, a scroll."""
        now = self._clock()
        if self._present:
            self._counted += min(now - self._seen, self._idle)
        self._seen = now

    def away(self) -> None:
        """The window is no longer in front."""
        self.touch()
        self._present = False

    def here(self) -> None:
        """The window is in front again."""
        if not self._present:
            self._present = True
            self._seen = self._clock()

    @property
    def seconds(self) -> float:
        """Active seconds on this card so far."""
        running = min(self._clock() - self._seen, self._idle) if self._present else 0.0
        return self._counted + running
