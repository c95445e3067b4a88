"""The page of the settings that lists the machines runs can be started on."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.settings_pages import Page, SettingsWorld
from mtbx_gui.ui.settings_store import Host
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.row_table import Column, RowTable


class HostsPage(Page):
    """A table of hosts and the fields of the chosen one. This computer is always there and needs no entry."""

    def __init__(self, world: SettingsWorld) -> None:
        super().__init__(world, tr("Hosts"))
        self._filling = False
        self.table: RowTable[tuple[int, Host]] = RowTable(
            [
                Column(tr("Name"), lambda row: row[1].name),
                Column(tr("SSH target"), lambda row: row[1].ssh),
                Column(tr("Folder for runs"), lambda row: row[1].folder, stretch=True),
            ],
            key=lambda row: row[0],
            parent=self,
            name="hosts",
            filter_line=False,
        )
        self.table.setMinimumHeight(round(self.fontMetrics().height() * 1.8 * 5))
        buttons = QWidget(self)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self))
        self.add_button = QPushButton(tr("Add host"), buttons)
        self.add_button.setObjectName("host_add")
        self.add_button.clicked.connect(lambda _checked=False: self._add())
        self.remove_button = QPushButton(tr("Remove"), buttons)
        self.remove_button.setObjectName("host_remove")
        self.remove_button.clicked.connect(lambda _checked=False: self._remove())
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.form.add_wide(self.table)
        self.form.add_wide(buttons)
        self.name = self.form.add(tr("Name"), QLineEdit(self.form))
        self.name.setObjectName("host_name")
        self.ssh = self.form.add(
            tr("SSH target"),
            QLineEdit(self.form),
            tr("As after ssh on the command line, such as me@cluster; everything in ~/.ssh/config holds."),
        )
        self.ssh.setObjectName("host_ssh")
        self.folder = self.form.add(tr("Folder for runs"), QLineEdit(self.form), tr("A folder on that host."))
        self.folder.setObjectName("host_folder")
        for line in (self.name, self.ssh, self.folder):
            line.editingFinished.connect(self._edited)
        self.table.row_chosen.connect(lambda _row: self._fill())
        self._reload(0)

    def _reload(self, place: int) -> None:
        hosts = self.world.settings.data.hosts
        self.table.set_rows(list(enumerate(hosts)))
        self.table.fit_columns()
        if hosts:
            self.table.choose(min(place, len(hosts) - 1))
        self._fill()

    def _fill(self) -> None:
        row = self.table.current()
        self._filling = True
        for line, text in (
            (self.name, row[1].name if row else ""),
            (self.ssh, row[1].ssh if row else ""),
            (self.folder, row[1].folder if row else ""),
        ):
            line.setText(text)
            line.setEnabled(row is not None)
        self.remove_button.setEnabled(row is not None)
        self._filling = False

    def _edited(self) -> None:
        row = self.table.current()
        if row is None or self._filling:
            return
        place, old = row
        new = Host(self.name.text().strip(), self.ssh.text().strip(), self.folder.text().strip())
        others = {host.name for other, host in enumerate(self.world.settings.data.hosts) if other != place}
        self.form.complain(self.name, tr("Another host has this name.") if new.name in others else "")
        if new != old and new.name and new.name not in others:
            self.world.settings.data.hosts[place] = new
            self.world.save()
            self._reload(place)

    def _add(self) -> None:
        hosts = self.world.settings.data.hosts
        number, names = len(hosts) + 1, {host.name for host in hosts}
        while f"host {number}" in names:
            number += 1
        hosts.append(Host(f"host {number}"))
        self.world.save()
        self._reload(len(hosts) - 1)
        self.name.setFocus()
        self.name.selectAll()

    def _remove(self) -> None:
        row = self.table.current()
        if row is not None:
            del self.world.settings.data.hosts[row[0]]
            self.world.save()
            self._reload(row[0])
