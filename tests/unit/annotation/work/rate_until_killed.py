"""Gives one vote for every line on standard input and says so once it is stored; ends only by a kill."""

import sys
from itertools import cycle
from typing import get_args

from mtbx_gui.annotation.session import RatingSession
from mtbx_gui.study.records import Displayed
from mtbx_gui.study.study import Study

session = RatingSession(Study.open(sys.argv[1]), "anna", "de")
print("ready", flush=True)
for pressed, _ in zip(cycle(get_args(Displayed)), sys.stdin, strict=False):
    vote = session.vote(pressed)
    print(vote.uuid, flush=True)
