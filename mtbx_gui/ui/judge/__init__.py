"""Tab 3: plan what a judge judges, watch it, read every judgment."""

from mtbx_gui.ui.judge.tab import JudgeTab

__all__ = ["JudgeTab"]
