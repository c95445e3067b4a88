"""Code points, in which studies count, against UTF-16 units, in which Qt's cursors count."""

from bisect import bisect_left


class Utf16Map:
    """Converts positions in one text; cheap for texts without characters beyond the BMP (emoji are such)."""

    def __init__(self, text: str) -> None:
        self._wide = [place for place, letter in enumerate(text) if ord(letter) > 0xFFFF]
        self._units = [place + number for number, place in enumerate(self._wide)]

    def to_qt(self, position: int) -> int:
        """UTF-16 units before the code point at `position`."""
        return position + bisect_left(self._wide, position)

    def from_qt(self, position: int) -> int:
        """Code points before the UTF-16 unit at `position`; the middle of a pair counts to its end."""
        return position - bisect_left(self._units, position)
