"""The running bill below a plan: calls, tokens, price, what is left out, and what forbids a start."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mtbx_gui.judging.plan import Estimate
from mtbx_gui.ui.i18n import tr, tr_count
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.panel import Line

PROBLEMS_MOST = 3


class Bill(QWidget):
    """`show_estimate` after each change of the plan; `say` when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit(self) // 2)
        column.addWidget(Line(self))
        self.calls = self._label("judge_bill_calls", tr("Calls"), 1.25)
        self.cost = self._label("judge_bill_cost", tr("Cost"), 1.1)
        self.tokens = self._label("judge_bill_tokens", tr("Tokens"), 0.92, "muted")
        self.left_out = self._label("judge_bill_left_out", tr("Left out"), 0.92, "muted")
        self.problems = self._label("judge_bill_problems", tr("Problems"), 0.92, "problem")
        for label in (self.calls, self.cost, self.tokens, self.left_out, self.problems):
            column.addWidget(label)

    def show_estimate(self, estimate: Estimate) -> None:
        """Put the estimate into words."""
        calls = tr_count("{count} call", "{count} calls", estimate.calls)
        if estimate.done:
            calls += tr(" · {done} judged already", done=estimate.done)
        self.calls.setText(calls)
        self.cost.setText(cost_words(estimate))
        self.tokens.setText(
            tr(
                "{read} tokens read, {written} written",
                read=_short(estimate.prompt_tokens),
                written=_short(estimate.reply_tokens),
            )
            if estimate.calls
            else ""
        )
        self.left_out.setText("\n".join([*estimate.left_out_sentences(), *estimate.warnings]))
        told = list(dict.fromkeys(estimate.problems))
        more = tr("And {count} more.", count=len(told) - PROBLEMS_MOST) if len(told) > PROBLEMS_MOST else ""
        self.say("\n".join([*told[:PROBLEMS_MOST], *([more] if more else [])]), keep=True)
        self._hide_empty()

    def say(self, sentence: str, keep: bool = False) -> None:
        """Show only a sentence (`keep`: beside the numbers)."""
        if not keep:
            for label in (self.calls, self.cost, self.tokens, self.left_out):
                label.clear()
        self.problems.setText(sentence)
        self._hide_empty()

    def _hide_empty(self) -> None:
        for label in (self.calls, self.cost, self.tokens, self.left_out, self.problems):
            label.setVisible(bool(label.text()))

    def _label(self, name: str, accessible: str, size: float, role: str = "") -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setAccessibleName(accessible)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFont(scaled_font(self, size, bold=size > 1.2))
        if role:
            label.setProperty(role, True)
        label.hide()
        return label


def cost_words(estimate: Estimate) -> str:
    """The price range in the list's currency, "free", or that it is unknown."""
    if not estimate.calls:
        return ""
    if estimate.cost_low is None or estimate.cost_high is None:
        return tr("Cost unknown")
    if estimate.cost_high == 0:
        return tr("Free")
    sign = {"USD": "$"}.get(estimate.currency, estimate.currency + " ")
    digits = 2 if estimate.cost_high >= 0.1 else 4
    return f"{sign}{estimate.cost_low:.{digits}f} – {sign}{estimate.cost_high:.{digits}f}"


def _short(count: int) -> str:
    if count >= 1_000_000:
        return f"{count / 1_000_000:.2f} M"
    return f"{count / 1000:.1f} k" if count >= 1000 else str(count)
