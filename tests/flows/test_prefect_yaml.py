"""prefect.yaml, `dateline serve` and compose.yaml name flows and settings that exist."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

SPEC = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def flow_at(entrypoint: str) -> Any:
    path, _, name = entrypoint.partition(":")
    assert (ROOT / path).is_file(), entrypoint
    return getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name)


@pytest.mark.parametrize("item", SPEC["deployments"], ids=lambda item: item["entrypoint"])
def test_each_deployment_fits_its_flow(item: dict[str, Any]) -> None:
    from prefect.cli.deploy._models import DeploymentConfig

    DeploymentConfig.model_validate(item)
    flow = flow_at(item["entrypoint"])
    parameters = inspect.signature(flow.fn).parameters
    assert set(item["parameters"]) <= set(parameters)
    flow.validate_parameters(item["parameters"])
    needed = {name for name, p in parameters.items() if p.default is inspect.Parameter.empty}
    assert needed <= set(item["parameters"])
    assert item["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    assert item["work_pool"] == {"name": "dateline-{{ $DATELINE_NAME }}"}
    assert item["name"].endswith("-{{ $DATELINE_NAME }}")


def test_every_flow_is_deployed_with_the_schedules_of_serve(tmp_path: Path) -> None:
    from flows.orchestration.maintain import FLOWS
    from flows.orchestration.registered import label
    from flows.orchestration.serve import deployments
    from flows.resources.project import Schedule
    from flows.resources.settings import settings

    own = label(tmp_path / "w.duckdb")
    served = {
        (made.flow_name, made.name.replace(own, "{{ $DATELINE_NAME }}")): made
        for made in deployments(
            settings(warehouse=tmp_path / "w.duckdb"), [str(tmp_path / "inbox")], Schedule()
        )
    }
    written = {
        (flow_at(item["entrypoint"]).name, item["name"]): item for item in SPEC["deployments"]
    }
    assert set(written) == set(served)
    names = [name for _, name in served]
    assert len(names) == len(set(names)), "the UI lists deployments by name alone"
    assert {name for name, _ in written} == set(FLOWS)
    for key, item in written.items():
        made = served[key]
        assert set(item["parameters"]) == set(made.parameters), key
        crons = [s["cron"] for s in item.get("schedules", []) if "cron" in s]
        intervals = [s["interval"] for s in item.get("schedules", []) if "interval" in s]
        schedules = [created.schedule for created in made.schedules or []]
        assert crons == [s.cron for s in schedules if hasattr(s, "cron")], key
        assert intervals == [s.interval.seconds for s in schedules if hasattr(s, "interval")], key
        assert made.concurrency_limit == 1


def test_every_parameter_is_described_in_the_form() -> None:
    for item in SPEC["deployments"]:
        schema = flow_at(item["entrypoint"]).parameters.model_dump()
        for name, field in schema["properties"].items():
            assert field.get("description"), f"{item['entrypoint']} {name}"
            assert "$ref" not in str(field), f"{name} is not flat"


def test_compose_names_settings_that_exist() -> None:
    from prefect import settings

    assert not hasattr(settings, "PREFECT_NO_SUCH_SETTING")
    named = {name for item in COMPOSE["services"].values() for name in item.get("environment", {})}
    assert "PREFECT_SERVER_API_AUTH_STRING" in named
    for name in named:
        if name.startswith("PREFECT_"):
            assert hasattr(settings, name), name


def test_the_image_holds_what_the_package_needs() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    for name in ("dateline", "flows", "transforms", "expectations", "warehouse", "prefect.yaml"):
        assert re.search(rf"^COPY .*\b{name}\b", text, re.M), name
    module = re.search(r"python -m (flows(?:\.\w+)+)", (ROOT / "compose.yaml").read_text("utf-8"))
    assert module and importlib.util.find_spec(module[1])
