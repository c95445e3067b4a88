"""The HTML page of a report: self-contained, no script, no remote resource. It writes no file."""

import re
from dataclasses import dataclass
from html import escape

from mtbx_gui.results.content import Content
from mtbx_gui.results.tables import Table
from mtbx_gui.results.words import Words

_STYLE = """
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #16191c; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { margin-top: 2.6rem; font-size: 1.3rem; }
h3 { margin: 2.2rem 0 .3rem; font-size: 1.05rem; }
figure { margin: 0; } figure svg { width: 100%; height: auto; display: block; }
.reading { margin: .2rem 0 .8rem; } .small { font-size: .85rem; color: #545b62; margin: .15rem 0; }
.notice { border-left: .3rem solid #D55E00; background: #fdf1ea; padding: .6rem 1rem; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .7rem .25rem 0; text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid #16191c; } td.number { text-align: right; }
.wide { overflow-x: auto; } summary { cursor: pointer; font-size: .9rem; margin: .5rem 0; }
a { color: #3553b4; }
"""


@dataclass(frozen=True)
class Section:
    """A figure or table of the report: its content, its picture (SVG, '' for tables), and its files."""

    group: str
    content: Content
    svg: str
    files: tuple[str, ...]


def page(
    title: str,
    notice: str,
    overview: list[tuple[str, Table]],
    sections: list[Section],
    paragraphs: list[str],
    words: Words,
) -> str:
    """The whole page."""
    parts = [
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
    ]
    if notice:
        parts.append(f'<p class="notice" role="note">{escape(notice)}</p>')
    parts.append(f"<h2>{escape(words('The study'))}</h2>")
    for name, table in overview:
        if table.rows:
            parts.append(f'<h3>{escape(name)}</h3><div class="wide">{table.html()}</div>')
    group = ""
    for number, section in enumerate(sections):
        if section.group != group:
            group = section.group
            parts.append(f"<h2>{escape(words(group))}</h2>")
        parts.append(_section(section, number, words))
    parts.append(f"<h2>{escape(words('What was done'))}</h2>")
    parts += [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs]
    parts.append("</body></html>\n")
    return "\n".join(parts)


def _section(section: Section, number: int, words: Words) -> str:
    content = section.content
    parts = [f"<section><h3>{escape(content.title)}</h3>"]
    if content.empty:
        parts.append(f'<p class="small">{escape(content.empty)}</p></section>')
        return "\n".join(parts)
    if content.reading:
        parts.append(f'<p class="reading">{escape(content.reading)}</p>')
    if section.svg:
        label = escape(content.reading or content.title)
        parts.append(f"<figure>{_inline(section.svg, f'f{number}', label)}</figure>")
    parts += [
        f'<p class="small">{escape(text)}</p>'
        for text in (content.scope, f"n: {content.n}", content.rule)
        if text
    ]
    table = f'<div class="wide">{content.table.html()}</div>'
    if section.svg:
        table = f"<details><summary>{escape(words('Numbers'))}</summary>{table}</details>"
    parts.append(table)
    links = " · ".join(
        f'<a href="{escape(f)}">{escape(f.rpartition(".")[2].upper())}</a>' for f in section.files
    )
    parts.append(f'<p class="small">{links}</p></section>')
    return "\n".join(parts)


def _inline(svg: str, prefix: str, label: str) -> str:
    """The SVG element alone, its ids made unique on the page, its fixed size left to the page."""
    start = svg.index("<svg")
    body = svg[start:]
    body = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', body)
    body = re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{prefix}-\2"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", body)
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    head_end = body.index(">")
    head = re.sub(r'\s(width|height)="[^"]*"', "", body[:head_end])
    return f'{head} role="img" aria-label="{label}">{body[head_end + 1 :]}'
