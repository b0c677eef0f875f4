"""Damaged documents, our own and strangers', give findings or files, and never a traceback.

`make fuzz` runs it: FUZZ_ROUNDS is how often each document is damaged, FUZZ_SEED where to start.
A failure names the seed; the same seed damages the document in the same way.
"""

import json
import os
from pathlib import Path

import pytest

from codegen.damage import damaged
from wirepact_codegen.errors import Findings, Refused
from wirepact_codegen.reading import read_service
from wirepact_codegen.targets import TARGETS
from wirepact_codegen.yaml12 import read

ROOT = Path(__file__).parents[2]
OURS = ROOT / "spec"
CASES = Path(__file__).parent / "cases"
STRANGERS = Path(os.environ.get("CORPUS", ROOT.parent / "shared" / "corpus"))
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "3"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
BIG = 200_000
"""Bytes. Larger documents take seconds a round, and have nothing that the others lack."""


def _documents():
    found = [*OURS.glob("*.yaml"), *CASES.glob("*/spec.yaml")]
    if STRANGERS.is_dir():
        found += [path for path in STRANGERS.rglob("*") if path.suffix in {".yaml", ".yml", ".json"}]
    return sorted(path for path in found if path.stat().st_size < BIG)


def _name(path):
    for root in (ROOT, STRANGERS):
        if path.is_relative_to(root):
            return str(path.relative_to(root))
    return str(path)


@pytest.mark.slow
@pytest.mark.timeout(60 + 30 * ROUNDS)
@pytest.mark.parametrize("path", _documents(), ids=_name)
def test_a_damaged_document_gives_findings_or_files(path, tmp_path, monkeypatch):
    try:
        whole, _ = read(path.name, path.read_bytes())
    except Refused:
        pytest.skip("no YAML to begin with")
    monkeypatch.chdir(tmp_path)
    for seed in range(SEED, SEED + ROUNDS):
        Path("spec.json").write_text(json.dumps(damaged(whole, seed)), "utf-8")
        _judge(seed)


def _judge(seed):
    findings = Findings()
    try:
        service = read_service("spec.json", findings)
        if service is not None and not findings.errors:
            for target in TARGETS.values():
                target.of(service)
    except Refused as refused:
        findings.extend(refused.findings)
    except Exception as error:
        error.add_note(f"with FUZZ_SEED={seed}")
        raise
    assert all(each.place.line >= 1 and each.place.column >= 1 for each in findings)
