"""The panel at the right: what counts, by which rule, how many, and the buttons that export it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.results.choice_button import ChoiceButton
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.form import Form
from mtbx_gui.ui.widgets.key_button import KeyButton

if TYPE_CHECKING:
    from mtbx_gui.results.content import Content
    from mtbx_gui.results.selection import Filter, Rules
    from mtbx_gui.results.session import Options


class FilterPanel(QWidget):
    """`changed` when another figure is due; `export_wanted`, `report_wanted` from its buttons."""

    changed = Signal()
    export_wanted = Signal()
    report_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options: Options | None = None
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        inside = QWidget(self)
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, step, 0)
        inner.setSpacing(2 * step)
        self.form = Form(inside)
        inner.addWidget(self.form)
        self._fill_form()
        self.about = _Facts(inside)
        inner.addWidget(self.about)
        inner.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        bar = scroll.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(inside.minimumSizeHint().width() + bar + step)
        column.addWidget(scroll, 1)
        self.export = KeyButton(tr("Export"), "Ctrl+E", self, icon_name="export", primary=True)
        self.export.setObjectName("results_export")
        self.export.clicked.connect(lambda _checked=False: self.export_wanted.emit())
        self.report = KeyButton(tr("Write the report"), "Ctrl+Shift+E", self, icon_name="results")
        self.report.setObjectName("results_report")
        self.report.clicked.connect(lambda _checked=False: self.report_wanted.emit())
        column.addWidget(self.export)
        column.addWidget(self.report)

    def sizeHint(self) -> QSize:
        """Wide enough for a judge's name."""
        return QSize(32 * unit(self), 50 * unit(self))

    def set_options(self, options: "Options") -> None:
        """Offer what the study has; choices that are still possible stay."""
        self._options = options
        sources: list[tuple[str, object]] = [(source.name, source) for source in options.sources]
        if not sources:
            sources = [(tr("No judge yet"), None)]
        elif len(sources) > 1:
            sources.insert(0, (tr("The one with most judgments"), None))
        _offer(self.judge, sources)
        self.languages.set_options([(code, code.upper()) for code in options.languages])
        self.categories.set_options([(name, _category(name)) for name in options.categories])
        self.models.set_options([(name, name) for name in options.models])
        self.annotators.set_options([(name, name) for name in options.annotators])
        pairs: list[tuple[str, object]] = [(tr("All pairs"), None)]
        _offer(
            self.pair, pairs + [(f"{first} – {second}", (first, second)) for first, second in options.pairs]
        )

    def filter(self) -> "Filter":
        """The filter as it is set; call it once options have come."""
        from mtbx_gui.results.selection import Filter

        turn = self.turns.currentData()
        chosen = Filter(
            languages=self.languages.chosen(),
            categories=self.categories.chosen(),
            turns=None if turn is None else (turn,),
            models=self.models.chosen(),
            annotators=self.annotators.chosen(),
            pair=self.pair.currentData(),
        )
        source = self.judge.currentData()
        return chosen if source is None else chosen.of(source)

    def rules(self) -> "Rules":
        """The rules as they are set."""
        from mtbx_gui.results.selection import Rules

        return Rules(
            scheme=self.scheme.currentData(),
            macro=self.pooling.currentData(),
            show_inconsistent=self.inconsistent.isChecked(),
            bootstrap=self.interval.currentData(),
        )

    def show_facts(self, content: "Content") -> None:
        """Rule, n and scope of what is shown."""
        self.about.show_facts(content)
        self.export.setEnabled(not content.empty)

    def _fill_form(self) -> None:
        form = self.form
        self.judge = form.add(tr("Judge"), _combo("results_judge"))
        self.languages = form.add(tr("Languages"), ChoiceButton(tr("All languages"), "results_languages"))
        self.categories = form.add(tr("Categories"), ChoiceButton(tr("All categories"), "results_categories"))
        self.turns = form.add(tr("Turns"), _combo("results_turns"))
        _offer(self.turns, [(tr("Both turns"), None), (tr("Turn 1"), 1), (tr("Turn 2"), 2)])
        self.models = form.add(tr("Models"), ChoiceButton(tr("All models"), "results_models"))
        self.pair = form.add(tr("Pair"), _combo("results_pair"))
        self.annotators = form.add(tr("People"), ChoiceButton(tr("All annotators"), "results_annotators"))
        form.add_title(tr("Rules"))
        self.scheme = form.add(tr("Verdicts"), _combo("results_scheme"))
        _offer(
            self.scheme,
            [(tr("Four"), 4), (tr("Three: both bad is a tie"), 3), (tr("Two: ties left out"), 2)],
        )
        self.pooling = form.add(tr("Agreement"), _combo("results_pooling"))
        _offer(self.pooling, [(tr("Votes pooled (micro)"), False), (tr("Mean over items (macro)"), True)])
        self.interval = form.add(tr("Interval"), _combo("results_interval"))
        _offer(self.interval, [(tr("95 % Wilson"), False), (tr("95 % bootstrap by question"), True)])
        self.inconsistent = QCheckBox(tr("Inconsistent verdicts apart"))
        self.inconsistent.setObjectName("results_inconsistent")
        form.add_wide(self.inconsistent)
        for combo in (self.judge, self.turns, self.pair, self.scheme, self.pooling, self.interval):
            combo.currentIndexChanged.connect(self.changed)
        for button in (self.languages, self.categories, self.models, self.annotators):
            button.changed.connect(self.changed)
        self.inconsistent.toggled.connect(self.changed)


class _Facts(QWidget):
    """Scope, n and rule under small headings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit(self) // 2)
        self._labels: dict[str, QLabel] = {}
        for name, title in (("scope", tr("Shown")), ("n", "n"), ("rule", tr("Rule"))):
            heading = QLabel(title, self)
            heading.setFont(scaled_font(self, 0.92, bold=True))
            text = QLabel(self)
            text.setObjectName(f"results_{name}")
            text.setAccessibleName(title)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setWordWrap(True)
            text.setProperty("muted", True)
            column.addWidget(heading)
            column.addWidget(text)
            column.addSpacing(unit(self) // 2)
            self._labels[name] = text

    def show_facts(self, content: "Content") -> None:
        for name in ("scope", "n", "rule"):
            self._labels[name].setText("" if content.empty else getattr(content, name))


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    combo.setMinimumContentsLength(15)
    return combo


def _offer(combo: QComboBox, entries: list[tuple[str, object]]) -> None:
    """Fill a combo box; the present choice stays when it is still offered."""
    kept = combo.currentText()
    combo.blockSignals(True)
    combo.clear()
    for text, value in entries:
        combo.addItem(text, value)
        combo.setItemData(combo.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
    combo.setCurrentIndex(max(0, combo.findText(kept)))
    combo.blockSignals(False)


def _category(name: str) -> str:
    from mtbx_gui.results.words import Words

    return Words().category(name)
