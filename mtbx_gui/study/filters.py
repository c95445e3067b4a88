"""The one way the study's readers turn optional filters into SQL."""

from collections.abc import Mapping, Sequence


def in_clause(wanted: Mapping[str, Sequence[str] | str | None]) -> tuple[str, list[str]]:
    """`column IN (?, …)` for every filter that is set, joined by AND; an empty list matches nothing."""
    parts, values = ["1 = 1"], []
    for column, given in wanted.items():
        if given is None:
            continue
        chosen = [given] if isinstance(given, str) else list(given)
        parts.append(f"{column} IN ({', '.join('?' for _ in chosen)})")
        values += chosen
    return " AND ".join(parts), values
