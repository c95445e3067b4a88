"""The window's "Go to…": finds items, runs, models, tabs and actions by name, from the keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.study.study import Study
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.tabs import TabSpec
from mtbx_gui.ui.theme import muted, unit

SHOWN_MOST = 60
ICONS = {"item": "item", "run": "runs", "model": "model", "action": "next", "tab": "next"}


@dataclass(frozen=True)
class Place:
    """Something to go to: what is shown of it, and its target."""

    title: str
    detail: str
    target: Target
    icon: str

    @property
    def haystack(self) -> str:
        """What the typed words are looked for in."""
        return f"{self.title} {self.detail}".casefold()


def places_of(study: Study) -> list[Place]:
    """Every run, model and item of a study; reads the database, so call it in the background."""
    from mtbx_gui.study.answers import models
    from mtbx_gui.study.items import items
    from mtbx_gui.study.runs import all_runs

    found = [
        Place(run.title, f"{run.kind} · {run.run_id}", Target("run", run.run_id), ICONS["run"])
        for run in all_runs(study)
    ]
    found += [
        Place(model.name, tr("model"), Target("model", model.name), ICONS["model"]) for model in models(study)
    ]
    for item in items(study):
        first = " ".join(item.turns[0].split())[:140] if item.turns else ""
        name = f"{item.question_id} · {item.language.upper()} · {item.category}"
        target = Target("item", item.question_id, {"language": item.language})
        found.append(Place(name, first, target, ICONS["item"]))
    return found


def ranked(places: Sequence[Place], words: str) -> list[Place]:
    """The places that hold every word, those whose title begins so first; order kept otherwise."""
    wanted = words.casefold().split()
    if not wanted:
        return list(places[:SHOWN_MOST])
    hits: list[tuple[int, int, Place]] = []
    for number, place in enumerate(places):
        haystack = place.haystack
        if all(word in haystack for word in wanted):
            title = place.title.casefold()
            in_title = all(word in title for word in wanted)
            rank = 0 if title.startswith(wanted[0]) and in_title else 1 if in_title else 2
            hits.append((rank, number, place))
    hits.sort(key=lambda hit: hit[:2])
    return [place for _rank, _number, place in hits[:SHOWN_MOST]]


class _Hits(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.places: list[Place] = []

    def show(self, places: list[Place]) -> None:
        self.beginResetModel()
        self.places = places
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(self.places)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        place = self.places[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{place.title} {place.detail}"
        return place if role == Qt.ItemDataRole.UserRole else None


class _Painter(QStyledItemDelegate):
    """Icon, title, and the detail quieter behind it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10 * unit(), round(option.fontMetrics.height() * 1.9))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        place = index.data(Qt.ItemDataRole.UserRole)
        ground = QStyleOptionViewItem(option)
        ground.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, option.widget)
        step, metrics, area = unit(), option.fontMetrics, QRect(option.rect)
        side = round(metrics.height() * 1.1)
        spot = QRect(area.left() + step, area.center().y() - side // 2 + 1, side, side)
        icon(place.icon, QPalette.ColorRole.PlaceholderText).paint(painter, spot)
        area.setLeft(spot.right() + step)
        area.setRight(area.right() - step)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        title = metrics.elidedText(place.title, Qt.TextElideMode.ElideRight, area.width())
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawText(area, middle, title)
        area.setLeft(area.left() + metrics.horizontalAdvance(title) + 2 * step)
        painter.setPen(muted(option.palette))
        if area.width() > 0:
            painter.drawText(
                area, middle, metrics.elidedText(place.detail, Qt.TextElideMode.ElideRight, area.width())
            )
        painter.restore()


class GoTo(QWidget):
    """A veil over the window with a line to type in and the hits below; Escape closes it."""

    def __init__(
        self,
        context: StudyContext,
        window: QWidget,
        specs: Sequence[TabSpec],
        actions: Sequence[tuple[str, Target]],
    ) -> None:
        super().__init__(window)
        self.setObjectName("go_to")
        self._context = context
        self._first = [
            Place(tr(spec.title), tr("tab"), Target("tab", spec.name), spec.icon) for spec in specs
        ] + [Place(name, tr("action"), target, ICONS["action"]) for name, target in actions]
        self._places = list(self._first)
        step = unit(self)
        self._box = QFrame(self)
        self._box.setProperty("card", True)
        shadow = QGraphicsDropShadowEffect(self._box)
        shadow.setBlurRadius(5 * step)
        shadow.setOffset(0, step)
        self._box.setGraphicsEffect(shadow)
        column = QVBoxLayout(self._box)
        column.setContentsMargins(step, step, step, step)
        column.setSpacing(step)
        self.line = QLineEdit(self._box)
        self.line.setObjectName("go_to_line")
        self.line.setAccessibleName(tr("Go to"))
        self.line.setPlaceholderText(tr("An item, run, model or action"))
        self.line.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        column.addWidget(self.line)
        self.hits = _Hits(self)
        self.list = QListView(self._box)
        self.list.setObjectName("go_to_hits")
        self.list.setAccessibleName(tr("Hits"))
        self.list.setProperty("bare", True)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Painter(self.list))
        self.list.setModel(self.hits)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda _index: self._go())
        column.addWidget(self.list, 1)
        self.note = QLabel(tr("Nothing of that name is in this study."), self._box)
        self.note.setProperty("muted", True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.hide()
        column.addWidget(self.note, 1)
        window.installEventFilter(self)

    def open_over(self, window: QWidget) -> None:
        """Show it, take the focus, and fetch the study's names in the background."""
        self.resize(window.size())
        self._search()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)
        study = self._context.study
        self._context.tasks.run(lambda: places_of(study), self._take)

    def finish(self) -> None:
        """Take it away."""
        self.window().removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the box in the upper middle of the window."""
        self._place()

    def _place(self) -> None:
        """As high as the hits need, within the window."""
        step = unit(self)
        width = min(100 * step, self.width() - 4 * step)
        rows = max(1, len(self.hits.places))
        wanted = self.line.sizeHint().height() + 4 * step + rows * self.list.sizeHintForRow(0)
        if not self.hits.places:
            wanted = self.line.sizeHint().height() + 9 * step
        height = min(wanted, 66 * step, self.height() - 14 * step)
        self._box.setGeometry((self.width() - width) // 2, 7 * step, width, height)

    def mousePressEvent(self, event: QEvent) -> None:
        """A click beside the box closes it."""
        self.finish()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move through the hits while the line keeps the focus."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self.resize(self.parentWidget().size())  # type: ignore[union-attr]
        if watched is self.line and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return bool(super().eventFilter(watched, event))

    def _key(self, event: QKeyEvent) -> bool:
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.finish()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        elif key in moves and self.hits.places:
            row = self.list.currentIndex().row() + moves[key]
            self._choose(max(0, min(len(self.hits.places) - 1, row)))
        else:
            return False
        return True

    def _take(self, places: list[Place]) -> None:
        self._places = [*self._first, *places]
        self._search()

    def _search(self) -> None:
        kept = self.list.currentIndex().data(Qt.ItemDataRole.UserRole)
        self.hits.show(ranked(self._places, self.line.text()))
        found = bool(self.hits.places)
        self.list.setVisible(found)
        self.note.setVisible(not found)
        if found:
            same = not self.line.text() and kept in self.hits.places
            self._choose(self.hits.places.index(kept) if same else 0)
        self._place()

    def _choose(self, row: int) -> None:
        self.list.setCurrentIndex(self.hits.index(row))

    def _go(self) -> None:
        place = self.list.currentIndex().data(Qt.ItemDataRole.UserRole)
        self.finish()
        if isinstance(place, Place):
            self._context.go(place.target)
