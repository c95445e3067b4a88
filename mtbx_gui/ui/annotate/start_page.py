"""Before rating: who rates, in which language, and, only on request, which models' pairs.

The one place of this tab where models' names can be seen; they are gone from it when rating begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mtbx_gui.annotation.pairing import Offer
from mtbx_gui.ui.annotate.words import language_words
from mtbx_gui.ui.i18n import tr, tr_count
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.form import Form
from mtbx_gui.ui.widgets.key_button import KeyButton

WIDTH_LETTERS = 64


@dataclass(frozen=True)
class Begin:
    """What the person chose: `models` is None for all of them."""

    annotator: str
    language: str
    models: tuple[str, ...] | None


class StartPage(QWidget):
    """`begin(Begin)` when the person wants to rate."""

    begin = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("annotate_start_page")
        self._offers: list[Offer] = []
        self._done: Mapping[tuple[str, str], int] = {}
        self._boxes: list[QCheckBox] = []
        self._remembered: tuple[str, ...] | None = None
        step = unit(self)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        middle = QWidget(self)
        middle.setFixedWidth(self.fontMetrics().averageCharWidth() * WIDTH_LETTERS)
        outer.addWidget(middle)
        outer.addStretch(1)
        column = QVBoxLayout(middle)
        column.setSpacing(2 * step)
        column.addStretch(2)
        title = QLabel(tr("Rate answers blind"), middle)
        title.setFont(scaled_font(self, 1.6, bold=True))
        column.addWidget(title)
        column.addWidget(self._sentence(middle))
        form = Form(middle)
        self.annotator = form.add(
            tr("Pseudonym"), QLineEdit(form), tr("Any name but your own; your votes are stored under it.")
        )
        self.annotator.setObjectName("annotate_pseudonym")
        self.annotator.textChanged.connect(self._update)
        self.annotator.returnPressed.connect(self._begin)
        self.language = form.add(tr("Language"), QComboBox(form))
        self.language.setObjectName("annotate_language")
        self.language.currentIndexChanged.connect(self._language_changed)
        self.form = form
        column.addWidget(form)
        column.addLayout(self._pairs_row(middle))
        self._models = QWidget(middle)
        self._models_column = QVBoxLayout(self._models)
        self._models_column.setContentsMargins(2 * step, 0, 0, 0)
        self._models.hide()
        column.addWidget(self._models)
        row = QHBoxLayout()
        self.start = KeyButton(tr("Start"), "Return", middle, primary=True)
        self.start.setObjectName("annotate_start")
        self.start.clicked.connect(lambda _checked=False: self._begin())
        row.addWidget(self.start)
        self.progress = QLabel(middle)
        self.progress.setObjectName("annotate_progress")
        self.progress.setProperty("muted", True)
        row.addWidget(self.progress, 1)
        column.addLayout(row)
        column.addStretch(3)

    def _sentence(self, parent: QWidget) -> QLabel:
        sentence = QLabel(
            tr(
                "You'll see a question and two answers, A and B, and choose the better one. Who wrote them"
                " is never shown; the sides are drawn anew each time. Every vote is stored at once: stop"
                " whenever you like."
            ),
            parent,
        )
        sentence.setWordWrap(True)
        return sentence

    def _pairs_row(self, parent: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        self.pairs = QLabel(parent)
        self.pairs.setObjectName("annotate_pairs")
        self.choose = KeyButton(tr("Choose models…"), "", parent)
        self.choose.setObjectName("annotate_choose_models")
        self.choose.setProperty("flat", True)
        self.choose.setToolTip(tr("Shows the models' names: for the study's owner, not for an annotator"))
        self.choose.clicked.connect(self._choose_models)
        row.addWidget(self.pairs, 1)
        row.addWidget(self.choose)
        return row

    def offer(
        self, offers: Sequence[Offer], done: Mapping[tuple[str, str], int], remembered: Begin | None
    ) -> None:
        """Show what there is to rate; `done` counts turns by (annotator, language).

        `remembered` is what was chosen the last time; what stands in the fields already is kept.
        """
        self._offers = list(offers)
        self._done = done
        if remembered is not None and not self.annotator.text():
            self.annotator.setText(remembered.annotator)
        wanted = self.language.currentData() or (remembered.language if remembered else None)
        self.language.blockSignals(True)
        self.language.clear()
        for offer in self._offers:
            self.language.addItem(language_words(offer.language), offer.language)
        at = self.language.findData(wanted)
        self.language.setCurrentIndex(max(at, 0))
        self.language.blockSignals(False)
        self._remembered = remembered.models if remembered is not None else None
        self.hide_models()
        self._update()
        (self.start if self.annotator.text() else self.annotator).setFocus(Qt.FocusReason.OtherFocusReason)

    def hide_models(self) -> None:
        """Take the models' names off the window; the choice stays."""
        if self._boxes:
            self._remembered = self._chosen()
        for box in self._boxes:
            self._models_column.removeWidget(box)
            box.setParent(None)
            box.deleteLater()
        self._boxes = []
        self._models.hide()

    def complain(self, sentence: str) -> None:
        """Say what is wrong with the pseudonym."""
        self.set_busy(False)
        self.form.complain(self.annotator, sentence)
        self.annotator.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """The pairs are being put in order."""
        self.start.setEnabled(not busy)
        if busy:
            self.progress.setText(tr("Putting the pairs in order…"))
        else:
            self._update()

    def _offer(self) -> Offer | None:
        at = self.language.currentIndex()
        return self._offers[at] if 0 <= at < len(self._offers) else None

    def _chosen(self) -> tuple[str, ...] | None:
        """The models to be paired, None for all."""
        offer = self._offer()
        if offer is None:
            return None
        if self._boxes:
            chosen = tuple(m for m, box in zip(offer.models, self._boxes, strict=True) if box.isChecked())
        else:
            chosen = tuple(m for m in self._remembered or offer.models if m in offer.models)
        return None if len(chosen) < 2 or chosen == offer.models else chosen

    def _choose_models(self) -> None:
        offer = self._offer()
        if self._boxes or offer is None:
            self.hide_models()
            return
        chosen = self._chosen() or offer.models
        for number, model in enumerate(offer.models):
            box = QCheckBox(model.replace("&", "&&"), self._models)
            box.setObjectName(f"annotate_model_{number}")
            box.setChecked(model in chosen)
            box.toggled.connect(self._update)
            self._models_column.addWidget(box)
            self._boxes.append(box)
        self._models.show()
        self._update()

    def _language_changed(self) -> None:
        self.hide_models()
        self._remembered = None
        self._update()

    def _update(self) -> None:
        offer = self._offer()
        if offer is None:
            return
        self.form.complain(self.annotator, "")
        chosen = self._chosen()
        if chosen is None:
            count = tr_count("{count} pair", "{count} pairs", offer.pairs)
            self.pairs.setText(tr("{models} models, {pairs}", models=len(offer.models), pairs=count))
        else:
            self.pairs.setText(
                tr("{chosen} of {models} models", chosen=len(chosen), models=len(offer.models))
            )
        name = " ".join(self.annotator.text().split())
        done = self._done.get((name, offer.language), 0)
        self.start.set_label(tr("Continue") if done else tr("Start"))
        self.progress.setText(tr_count("{count} turn rated", "{count} turns rated", done) if done else "")

    def _begin(self) -> None:
        offer = self._offer()
        if offer is not None and self.start.isEnabled():
            self.begin.emit(Begin(self.annotator.text(), offer.language, self._chosen()))
