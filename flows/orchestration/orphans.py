"""Runs that Prefect still takes for running, though their process is dead.

Killed together with its worker, a run stays `Running` and holds its deployment's slot for five
minutes. `dateline serve` ends such runs when it starts; before a lone worker, as in compose.yaml,
`python -m flows.orchestration.orphans WAREHOUSE` does.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from flows.orchestration.prefect_setup import prepare
from warehouse.addresses import absolute
from warehouse.wording import counted

_EARLIER = (
    "watched-folder", "nightly-publish", "nightly-maintain", "manual-reextract", "manual-backfill",
)  # fmt: skip


def end_orphans(warehouse: Path) -> int:
    """Mark runs on this warehouse whose process has died as crashed, which frees their slots.

    Only for a process that alone serves the warehouse. Returns how many.
    """
    prepare()
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        DeploymentFilter,
        DeploymentFilterTags,
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    types = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    ended = 0
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(
            deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=["dateline"])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=types))
            ),
        ):
            if run.parameters.get("warehouse") == absolute(warehouse):
                state: Any = Crashed(message="its process ended without a word")
                client.set_flow_run_state(run.id, state, force=True)
                ended += 1
    return ended


def retire(warehouse: Path) -> None:
    """Delete the deployments that an earlier version made, whose names told no warehouse."""
    prepare()
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=["dateline"]))
    with get_client(sync_client=True) as client:
        for item in client.read_deployments(deployment_filter=ours):
            here = item.parameters.get("warehouse") == absolute(warehouse)
            if here and item.name in _EARLIER:
                client.delete_deployment(item.id)


if __name__ == "__main__":
    sys.stdout.write(f"{counted(end_orphans(Path(sys.argv[1])), 'run')} marked as crashed\n")
