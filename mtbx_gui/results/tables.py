"""Tables of numbers with their n, and how they are written as CSV, Markdown and HTML. Computes nothing."""

import csv
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mtbx_gui.results.values import Number
from mtbx_gui.results.words import NO_VALUE, p_value

Kind = Literal["text", "count", "number", "percent", "p"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that does not exist; shown as "n/a" with its reason, never as 0, 1 or nan."""

    reason: str


Cell = str | int | float | Gap


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, what it holds, and the decimals shown (percent: of the percentage)."""

    name: str
    kind: Kind = "text"
    digits: int = 2


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns. Shares are kept as 0..1 and shown as percent."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        """Raises ValueError for a row of another width."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row's width differs from the number of columns")

    def shown(self, row: int, column: int) -> str:
        """A cell as people read it."""
        return show(self.rows[row][column], self.columns[column])

    def gaps(self) -> list[str]:
        """The distinct reasons why cells are "n/a", in order of appearance."""
        return list(dict.fromkeys(c.reason for row in self.rows for c in row if isinstance(c, Gap)))

    def csv(self) -> str:
        """Comma-separated, full precision, LF line ends; a last column says why cells are "n/a"."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        gaps = bool(self.gaps())
        writer.writerow([column.name for column in self.columns] + (["note"] if gaps else []))
        for row in self.rows:
            notes = list(dict.fromkeys(cell.reason for cell in row if isinstance(cell, Gap)))
            writer.writerow([_exact(cell) for cell in row] + (["; ".join(notes)] if gaps else []))
        return out.getvalue()

    def markdown(self) -> str:
        """A Markdown table; below it the reasons for every "n/a"."""
        lines = [
            _line(column.name for column in self.columns),
            _line("---" if column.kind == "text" else "---:" for column in self.columns),
        ]
        lines += [
            _line(self.shown(row, column) for column in range(len(self.columns)))
            for row in range(len(self.rows))
        ]
        lines += [f"\n{NO_VALUE}: {reason}" for reason in self.gaps()]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """An HTML table; an "n/a" carries its reason as title."""
        head = "".join(f'<th scope="col">{html.escape(column.name)}</th>' for column in self.columns)
        body = []
        for number, row in enumerate(self.rows):
            cells = []
            for place, cell in enumerate(row):
                kind = "text" if self.columns[place].kind == "text" else "number"
                title = f' title="{html.escape(cell.reason)}"' if isinstance(cell, Gap) else ""
                cells.append(f'<td class="{kind}"{title}>{html.escape(self.shown(number, place))}</td>')
            body.append(f"<tr>{''.join(cells)}</tr>")
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def show(cell: Cell, column: Column) -> str:
    """A cell as people read it: rounded, percent with sign, "n/a" for a gap."""
    if isinstance(cell, Gap):
        return NO_VALUE
    if isinstance(cell, str):
        return cell
    if column.kind == "percent":
        return f"{100 * cell:.{column.digits}f}\u00a0%"
    if column.kind == "p":
        return p_value(cell)
    if column.kind == "count" or isinstance(cell, int):
        return f"{cell:.0f}"
    return f"{cell:.{column.digits}f}"


def cell_of(value: Number) -> Cell:
    """A statistic as a cell."""
    return Gap(value.reason) if value.value is None else value.value


def _exact(cell: Cell) -> str:
    if isinstance(cell, Gap):
        return NO_VALUE
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def _line(cells: Iterable[str]) -> str:
    texts = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(texts)} |"
