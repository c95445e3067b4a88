"""A field for an API key: says where the key is, stores a typed one in the keyring, never shows it again."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mtbx_gui.actions import secrets
from mtbx_gui.actions.secrets import Found, Secret
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.notices import sentence_of
from mtbx_gui.ui.tasks import Tasks
from mtbx_gui.ui.theme import unit


class SecretField(QWidget):
    """Line, "Keep", "Forget", and where the key in use lies. The keyring is asked in the background."""

    def __init__(
        self,
        secret: Secret,
        tasks: Tasks,
        say: Callable[[str], None],
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._secret = secret
        self._tasks = tasks
        self._say = say
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step // 2)
        row = QHBoxLayout()
        row.setSpacing(step)
        self.line = QLineEdit(self)
        self.line.setObjectName(name)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(tr("Key"))
        self.line.setPlaceholderText(tr("Paste the key here"))
        self.line.returnPressed.connect(self._keep)
        self.keep = QPushButton(tr("Keep"), self)
        self.keep.setObjectName(f"{name}_keep")
        self.keep.setAutoDefault(False)
        self.keep.setEnabled(False)
        self.line.textChanged.connect(lambda text: self.keep.setEnabled(bool(text.strip())))
        self.keep.clicked.connect(lambda _checked=False: self._keep())
        self.drop = QPushButton(tr("Forget"), self)
        self.drop.setObjectName(f"{name}_forget")
        self.drop.setAutoDefault(False)
        self.drop.setEnabled(False)
        self.drop.clicked.connect(lambda _checked=False: self._forget())
        row.addWidget(self.line, 1)
        row.addWidget(self.keep)
        row.addWidget(self.drop)
        column.addLayout(row)
        self.state = QLabel(tr("Looking for a key"), self)
        self.state.setObjectName(f"{name}_state")
        self.state.setWordWrap(True)
        column.addWidget(self.state)
        self.setFocusProxy(self.line)
        self._look()

    def use(self, secret: Secret) -> None:
        """Turn to another key."""
        if secret != self._secret:
            self._secret = secret
            self.line.clear()
            self._look()

    def _look(self) -> None:
        wanted = self._secret
        self._tasks.run(lambda: (wanted, secrets.find(wanted)), self._show)

    def _show(self, result: tuple[Secret, Found | None]) -> None:
        wanted, found = result
        if wanted != self._secret:
            return
        self.drop.setEnabled(found is not None and found.place in ("keyring", "this start"))
        if found is None:
            self.state.setText(
                tr(
                    "No key yet. It may also stand in the environment variable {name}.",
                    name=wanted.variables[0],
                )
            )
        elif found.place == "keyring":
            self.state.setText(tr("A key is kept in this computer's keyring."))
        elif found.place == "this start":
            self.state.setText(tr("A key is kept until the window is closed."))
        else:
            self.state.setText(tr("The key comes from the environment variable {name}.", name=found.place))

    def _keep(self) -> None:
        value, secret = self.line.text().strip(), self._secret
        if not value:
            return
        self.line.clear()
        self._tasks.run(lambda: secrets.store(secret, value), lambda _none: self._kept(), self._failed)

    def _kept(self) -> None:
        self._say(tr("The key is kept in the keyring."))
        self._look()

    def _forget(self) -> None:
        secret = self._secret
        self._tasks.run(lambda: secrets.forget(secret), lambda _none: self._look(), self._failed)

    def _failed(self, problem: Exception) -> None:
        self._say(sentence_of(problem))
        self._look()
