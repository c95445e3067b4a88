"""Waits for a run on the command line: a progress bar on a terminal, then one sentence and the exit code."""

import sys
from dataclasses import asdict

from mtbx_gui.actions.follow import follow
from mtbx_gui.cli.output import Failed, Out, progress_bar
from mtbx_gui.rundir.state import RunState, StateInfo
from mtbx_gui.study.study import Study


def wait_for(out: Out, study: Study, run_id: str, detach: bool) -> None:
    """Follow a run just started, unless `detach`. Raises Failed when it doesn't finish."""
    out.put(run=run_id)
    if detach:
        out.say(f"Started {run_id}. Follow it: mtbx runs follow {run_id} --study {study.folder}")
        return
    with progress_bar(run_id) as advance:

        def changed(info: StateInfo) -> None:
            advance(info.done, info.total, info.state.value)

        try:
            info = follow(study, run_id, changed)
        except KeyboardInterrupt:
            next_step = f"Follow it: mtbx runs follow {run_id} --study {study.folder}"
            out.put(error="Stopped watching; the run goes on.", next_step=next_step)
            print(f"mtbx: Stopped watching; the run goes on. {next_step}", file=sys.stderr)
            raise Failed from None
    out.put(state=info.state.value, info=asdict(info))
    out.say(f"{run_id}: {info.sentence}")
    if info.state is not RunState.FINISHED:
        raise Failed
