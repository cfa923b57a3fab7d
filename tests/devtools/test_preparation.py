"""Steps are skipped only while nothing they read has changed; keys and catalogues are made once."""

import stat
import threading
from functools import partial
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from devtools import catalogues, environment, preparation
from devtools.processes import ServiceError


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THERMO_DATA", str(tmp_path))
    monkeypatch.setattr(preparation, "BUILT", tmp_path / "built")
    return tmp_path


def test_a_step_runs_again_only_when_its_version_changes() -> None:
    runs: list[str] = []
    for version in ("1", "1", "2", "2"):
        preparation.run_once("step", version, partial(runs.append, version))
    assert runs == ["1", "2"]


def test_a_step_that_failed_runs_again() -> None:
    def fails() -> None:
        raise ServiceError("no")

    with pytest.raises(ServiceError):
        preparation.run_once("step", "1", fails)
    runs: list[int] = []
    preparation.run_once("step", "1", lambda: runs.append(1))
    assert runs == [1]


def test_what_was_removed_is_made_again() -> None:
    runs: list[int] = []
    for _turn in range(2):
        preparation.once("step", ["pyproject.toml"], lambda _environment: runs.append(1), {}, made="no-such-folder")
    assert runs == [1, 1]


def test_a_second_data_folder_does_not_build_under_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []
    for folder in ("first", "second"):
        monkeypatch.setenv("THERMO_DATA", str(tmp_path / folder))
        preparation.once("assets", ["pyproject.toml"], lambda _environment: runs.append("built"), {}, made="devtools")
        preparation.run_once("migrate embedded", "1", lambda: runs.append("migrated"))
    assert runs == ["built", "migrated", "migrated"]


def test_a_new_database_forgets_what_was_done_in_its_predecessor() -> None:
    preparation.run_once("migrate embedded", "1", lambda: None)
    preparation.run_once("migrate elsewhere", "1", lambda: None)
    preparation.forget_database("embedded")
    runs: list[str] = []
    for name in ("migrate embedded", "migrate elsewhere"):
        preparation.run_once(name, "1", partial(runs.append, name))
    assert runs == ["migrate embedded"]


def test_the_demonstration_waits_for_what_is_built_beside_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    migrated = threading.Event()

    def build(_environment: object) -> None:
        assert migrated.wait(20), "the build begins beside the migration"
        steps.append("built")

    def manage(_environment: object, command: str, *options: str) -> None:
        steps.extend(options if command == "furnish" else [command])
        if command == "migrate":
            migrated.set()

    monkeypatch.setattr(preparation, "prepare_assets", build)
    monkeypatch.setattr(preparation, "prepare_planner", lambda _environment: None)
    monkeypatch.setattr(preparation, "manage", manage)
    preparation.prepare_database({}, database="embedded", built=preparation.prepare_build({}))
    assert steps[0] == "migrate"
    assert "load_site" in steps
    assert steps.index("built") < steps.index("load_demo") == len(steps) - 1
    preparation.prepare_database({}, database="embedded", built=preparation.prepare_build({}))
    assert steps[-1] == "built", "what is loaded is not loaded again"


def test_a_build_that_failed_is_told_before_the_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_environment: object) -> None:
        raise ServiceError("no Node.js")

    steps: list[str] = []
    monkeypatch.setattr(preparation, "prepare_assets", build)
    monkeypatch.setattr(preparation, "manage", lambda _environment, *words: steps.extend(words))
    with pytest.raises(ServiceError, match="no Node"):
        preparation.prepare_database({}, database="embedded", built=preparation.prepare_build({}))
    assert "load_demo" not in steps


def test_a_failing_program_shows_its_output() -> None:
    with pytest.raises(ServiceError, match="the reason"):
        preparation.run(["sh", "-c", "echo the reason; exit 3"], {"PATH": "/usr/bin:/bin"})


def test_development_keys_are_made_once_and_are_private(own_data: Path) -> None:
    keys = environment.development_keys()
    assert environment.development_keys() == keys
    assert len(keys["SECRET_KEY"]) >= 50
    assert stat.S_IMODE((own_data / "keys.json").stat().st_mode) == 0o600


def test_the_shell_wins_over_the_keys_of_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "mine")
    assert environment.base_environment()["SECRET_KEY"] == "mine"


def test_an_env_file_is_read_with_comments_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# comment\nA=1\n\nB = 'two words'\nnot a pair\nC=x=y\n")
    assert environment.read_file(path) == {"A": "1", "B": "two words", "C": "x=y"}


def test_catalogues_are_compiled_and_their_gaps_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Powder"\nmsgstr "Poudre"\n\nmsgid "Oven"\nmsgstr ""\n\n#, fuzzy\nmsgid "Part"\nmsgstr "Pièces"\n'
    )
    monkeypatch.setattr(catalogues, "REPOSITORY", tmp_path)
    assert catalogues.compile_all() == 1
    with source.with_suffix(".mo").open("rb") as compiled:
        catalogue = read_mo(compiled)
    assert catalogue["Powder"].string == "Poudre"
    assert "Part" not in catalogue, "a fuzzy translation is not used"
    assert catalogues.problems(source) == ["untranslated: Oven", "fuzzy: Part"]


def test_the_payment_service_is_furnished_again_when_its_account_is_gone(
    own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = own_data / "payments" / "account.json"
    account.parent.mkdir()
    runs: list[str] = []

    def furnish(_environment: object, command: str) -> None:
        runs.append(command)
        account.touch()

    monkeypatch.setattr(preparation, "manage", furnish)
    for _start in range(2):
        preparation.prepare_payments({"THERMO_BASE_URL": "http://127.0.0.1:8000"}, database="embedded")
    assert runs == ["billing_setup"], "a second start has nothing to do"
    account.unlink()
    preparation.prepare_payments({"THERMO_BASE_URL": "http://127.0.0.1:8000"}, database="embedded")
    assert len(runs) == 2
