"""mtbx-gui: a desktop workbench for multilingual MT-Bench studies."""

__version__ = "0.1.0"
