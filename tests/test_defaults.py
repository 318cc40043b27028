"""Each default stands once: changed there, settings, core, menu and the proofs go by the new one."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.source_files import nodes
from trayapp.model import defaults
from trayapp.settings.schema import load_config
from trayapp.settings.template import EXAMPLE_FILE

ROOT = Path(__file__).parent.parent
HOME = Path("model", "defaults.py")
CHANGE = """
import sys
from trayapp.model.levels import Level
from trayapp.model.probes import ProbeSpec
import importlib.util

# Before anything of the program is read: `trayapp.model` itself reads the defaults.
for name in [name for name in sys.modules if name.startswith("trayapp.model")]:
    del sys.modules[name]
source = open("trayapp/model/defaults.py", encoding="utf-8").read()
for name, new in (
    ("PAGE_INTERVAL", "90.5"),
    ("FOLLOW", '("Sora",)'),
    ("LEVEL", "Level.EVERYTHING"),
    ("LANGUAGE", '"tr"'),
    ("PROBES", '(ProbeSpec("First", "Sora", "https://sora.example/", 60.0), *PROBES)'),
):
    assert f"\\n{name} = " in source, name
    source += f"{name} = {new}\\n"


class Changed:
    def find_spec(self, name, path=None, target=None):
        if name == "trayapp.model.defaults":
            return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(source, module.__dict__)


sys.meta_path.insert(0, Changed())

from tests.meter import limits as metered
from tools.prove.engine import SHIPPED
from trayapp.model import Limits, MenuChoices
from trayapp.settings.schema import Config

config = Config()
for one in (Limits(), config.build_limits(), SHIPPED, metered(), MenuChoices(), config):
    print(one.follow == ("Sora",), end=" ")
for one in (Limits(), config.build_limits(), SHIPPED, metered(), MenuChoices(), config.notify):
    print(one.level == "everything", end=" ")
for one in (Limits(), config.build_limits(), SHIPPED, metered()):
    print(one.page_interval == 90.5, end=" ")
print(config.page.interval == 90.5, config.language == MenuChoices().language == "tr", end=" ")
for one in (config, config.build_limits(), SHIPPED, metered()):
    print(one.probes[0].name == "First" and len(one.probes) > 1, end=" ")
"""


def test_one_change_reaches_settings_core_menu_and_proofs() -> None:
    """Another default of each kind is the default of everything that has one."""
    done = subprocess.run(
        [sys.executable, "-c", CHANGE], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stderr, set(done.stdout.split()), len(done.stdout.split())) == ("", {"True"}, 22)


def test_the_example_says_the_defaults() -> None:
    """Who takes the file as it is changes nothing."""
    assert load_config(ROOT / EXAMPLE_FILE) == load_config(None)


def test_no_other_file_of_the_product_spells_out_a_default() -> None:
    """Neither what is followed nor where the probes ask."""
    own = {defaults.FOLLOW, *(spec.url for spec in defaults.PROBES)}
    for path, inner in nodes(ROOT / "trayapp").items():
        texts = {node.value for node in inner if isinstance(node, ast.Constant)}
        groups = {
            tuple(item.value for item in node.elts if isinstance(item, ast.Constant))
            for node in inner
            if isinstance(node, ast.Tuple)
        }
        assert path == HOME or not own & (texts | groups), path
