"""What can go wrong with a study folder, each as a sentence with a next step."""

from mtbx_gui.rundir.errors import MtbxError


class StudyError(MtbxError):
    """A study can't be opened, read or written."""


class NotAStudyError(StudyError):
    """The path holds no study."""


class NewerStudyError(StudyError):
    """The study was written by a newer version of the program."""


class DamagedStudyError(StudyError):
    """The database file can't be read as SQLite."""


class ReadOnlyStudyError(StudyError):
    """The folder or the file can't be written."""


class DiskFullError(StudyError):
    """No space was left; the transaction was rolled back as a whole."""


class BusyStudyError(StudyError):
    """Another process held the database for too long."""
