"""compose.yaml and compose.lake.yaml together: what they name exists, and all see the same folders.

Read as YAML; nothing is started. Compose's own rules of merging are those that are needed here:
mappings are joined, lists of volumes added, all else replaced.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml

from flows.resources.settings import Settings, settings
from tests.conftest import ROOT

_HOME = "/app"  # the working folder of the image
_BESIDES = {"DATELINE_NAME", "DATELINE_REGISTERED"}  # of prefect.yaml and `registered`


def read(*names: str) -> dict[str, Any]:
    """Services by name."""
    services: dict[str, Any] = {}
    for name in names:
        for service, said in yaml.safe_load((ROOT / name).read_text("utf-8"))["services"].items():
            held = services.setdefault(service, {})
            for key, value in said.items():
                if isinstance(value, dict) and key in held:
                    value = {**held[key], **value}
                elif key == "volumes":
                    value = held.get(key, []) + value
                held[key] = value
    return services


SERVICES = read("compose.yaml", "compose.lake.yaml")


def mounts(service: str) -> dict[str, str]:
    """Folder in the container → where it lies outside."""
    pairs = (volume.split(":")[:2] for volume in SERVICES[service].get("volumes", []))
    return {inside: outside for outside, inside in pairs}


def outside(service: str, path: str) -> str | None:
    """Where a file of a container lies outside of it, None where it goes with the container."""
    held = mounts(service)
    for folder in (PurePosixPath(path), *PurePosixPath(path).parents):
        if str(folder) in held:
            return f"{held[str(folder)]}/{PurePosixPath(path).relative_to(folder)}"
    return None


def test_all_that_several_machines_need_is_there() -> None:
    images = {name: item["image"] for name, item in SERVICES.items()}
    assert "postgres" in images["database"] and "minio" in images["store"]
    assert {"server", "scheduler", "extractor", "worker"} <= {*SERVICES}
    assert SERVICES["extractor"]["deploy"]["replicas"] == 2
    of_cluster = {name for name, item in SERVICES.items() if item.get("profiles") == ["cluster"]}
    assert of_cluster == {"scheduler", "extractor"}, "the rest starts without the profile"


def test_what_a_service_waits_for_exists() -> None:
    for name, item in SERVICES.items():
        assert {*item.get("depends_on", ())} <= {*SERVICES} - {name}, name


def test_settings_and_hosts_exist() -> None:
    hosts = {*SERVICES, "localhost"}
    for name, item in SERVICES.items():
        for key, value in item.get("environment", {}).items():
            if key.startswith("DATELINE_") and key not in _BESIDES:
                assert key.removeprefix("DATELINE_").lower() in Settings.model_fields, key
            for host in re.findall(r"(?://|@)([a-z]+):\d+", str(value)):
                assert host in hosts, (name, key)


def test_secrets_are_asked_for_and_written_nowhere() -> None:
    text = "".join(
        (ROOT / name).read_text("utf-8") for name in ("compose.yaml", "compose.lake.yaml")
    )
    named = {*re.findall(r"\$\{(\w*(?:SECRET|PASSWORD|AUTH)\w*)", text)}
    assert named == {"DATELINE_AUTH", "DATELINE_DB_PASSWORD", "DATELINE_STORE_SECRET"}
    for secret in named:
        assert f"{secret}:?" in text, f"{secret} is asked for where it is missing"
    for line in re.findall(r"^\s+\w*(?:SECRET|PASSWORD)\w*: (.*)$", text, re.M):
        assert line.startswith("${"), line


@pytest.mark.parametrize(
    "warehouse",
    ["/data/dateline.duckdb", "ducklake:postgres:host=database user=prefect dbname=lake"],
)
def test_run_and_extractors_see_one_exchange(
    warehouse: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """The exchange of a run, as its settings name it in the container's working folder."""
    monkeypatch.chdir(tmp_path)
    exchange = settings(warehouse=warehouse).exchange_folder.replace(str(tmp_path), _HOME)
    seen = {outside(name, exchange) for name in ("worker", "extractor")}
    assert len(seen) == 1 and None not in seen, (exchange, seen)


@pytest.mark.parametrize("service", ["scheduler", "extractor"])
def test_options_of_dask_exist(service: str) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster`")
    entry = SERVICES[service]["entrypoint"]
    told = subprocess.run(
        [sys.executable, "-m", *entry[:2], "--help"], capture_output=True, text=True, check=True
    ).stdout
    for option in (*entry, *SERVICES[service].get("command", ())):
        if option.startswith("--"):
            assert re.search(rf"{option}\b|/{option}\b", told), option
