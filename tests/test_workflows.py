"""The workflow and the issue forms are what GitHub takes, by its own schemas; none of it is fetched."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOW = GITHUB / "workflows/ci.yml"
FORMS = sorted(GITHUB.glob("ISSUE_TEMPLATE/*.yml"))

needs_schemas = pytest.mark.skipif(
    importlib.util.find_spec("check_jsonschema") is None, reason="check-jsonschema is not installed"
)


def complaints(file: Path, schema: str) -> str:
    """What a schema that check-jsonschema carries finds wrong with a file; empty where it finds nothing."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@needs_schemas
@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_the_workflow_is_one(schema: str) -> None:
    """And no job of it can run for the six hours that GitHub would let it."""
    assert complaints(WORKFLOW, schema) == ""


@pytest.mark.long
@needs_schemas
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_an_issue_form_is_one(form: Path) -> None:
    """A form that GitHub does not take is silently not offered."""
    schema = "issue-config" if form.stem == "config" else "issue-forms"
    assert complaints(form, f"vendor.github-{schema}") == ""


@pytest.mark.long
@needs_schemas
@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("vendor.github-workflows", "on: push\njobs: {one: {runs_on: ubuntu-24.04}}"),
        ("vendor.github-issue-forms", "name: one\ndescription: two\nbody: [{type: textbox}]"),
        ("vendor.github-issue-config", "blank_issues: no"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, schema: str, text: str) -> None:
    """Else the tests above would say nothing."""
    file = tmp_path / "file.yml"
    file.write_text(text, "utf-8")
    assert complaints(file, schema) != ""


def test_actions_of_others_are_pinned_by_commit() -> None:
    """A tag can be moved to other code; its name stands beside the commit for people."""
    used = re.findall(r"uses: (.+)", WORKFLOW.read_text("utf-8"))
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", one)] == []


def test_every_python_that_is_promised_is_tried() -> None:
    """The classifiers say which ones those are."""
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    promised = re.findall(r"Programming Language :: Python :: (3\.\d+)", project)
    (tried,) = re.findall(r"python: \[(.+)\]", WORKFLOW.read_text("utf-8"))
    assert re.findall(r"3\.\d+", tried) == promised


def test_what_the_workflow_runs_is_there() -> None:
    """Scripts that can be run."""
    scripts = re.findall(r"run: (\.ci/\S+)", WORKFLOW.read_text("utf-8"))
    assert scripts == [".ci/run", ".ci/start-and-end"]
    assert all((ROOT / script).stat().st_mode & 0o100 for script in scripts)


def test_faults_are_reported_with_what_it_takes_to_find_them() -> None:
    """What works on that computer, and for a wrong verdict the looks that led to it."""
    fault, verdict = (
        (GITHUB / f"ISSUE_TEMPLATE/{name}.yml").read_text("utf-8") for name in ("fault", "verdict")
    )
    assert "openai-status-tray doctor --json" in fault
    assert "openai-status-tray doctor --json" in verdict
    assert "run --record" in verdict
