"""The embedded PostgreSQL: roles that fail closed, and starts after any crash."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import psycopg
import pytest

from devtools.postgres import APP, OWNER, SUPERUSER, PostgresCluster, drop_database, ensure_database, with_database
from devtools.processes import alive, free_port
from devtools.redisserver import RedisServer, answers
from tests.folders import let_in


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresCluster]:
    folder = tmp_path_factory.mktemp("cluster")
    let_in(folder)
    cluster = PostgresCluster(folder / "data", folder / "log")
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def database(cluster: PostgresCluster) -> Iterator[str]:
    assert cluster.ensure_database("shop")
    assert not cluster.ensure_database("shop"), "a second call changes nothing"
    yield "shop"
    drop_database(cluster.url(SUPERUSER), "shop")


@pytest.mark.spec("TEN-02")
def test_the_application_role_holds_no_power(cluster: PostgresCluster) -> None:
    with psycopg.connect(cluster.url(APP)) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False, False, False)


@pytest.mark.spec("TEN-02")
def test_the_application_enters_the_platform_role_and_inherits_nothing(cluster: PostgresCluster) -> None:
    with psycopg.connect(cluster.url(APP)) as connection:
        inherited = connection.execute("SELECT pg_has_role('thermo_app', 'thermo_platform', 'USAGE')").fetchone()
        connection.execute("SET LOCAL ROLE thermo_platform")
        entered = connection.execute("SELECT current_user").fetchone()
    assert inherited == (False,)
    assert entered == ("thermo_platform",)


@pytest.mark.spec("TEN-02")
def test_a_new_table_is_closed_to_the_application(cluster: PostgresCluster, database: str) -> None:
    with psycopg.connect(cluster.url(OWNER, database)) as owner:
        owner.execute("CREATE TABLE secret (id int)")
    with psycopg.connect(cluster.url(APP, database)) as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM secret")
        app.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (id int)")


def test_accents_are_folded_to_lower_case_without_the_machine_s_locale(cluster: PostgresCluster) -> None:
    with psycopg.connect(cluster.url(APP)) as connection:
        assert connection.execute("SELECT lower('ÉÇÀŒ')").fetchone() == ("éçàœ",)


def test_a_template_is_copied_with_its_rows_and_rights(cluster: PostgresCluster, database: str) -> None:
    with psycopg.connect(cluster.url(OWNER, database)) as owner:
        owner.execute("CREATE TABLE colour (name text)")
        owner.execute("INSERT INTO colour VALUES ('RAL 7016')")
        owner.execute(f"GRANT SELECT ON colour TO {APP}".encode())
    admin = cluster.url(SUPERUSER)
    ensure_database(admin, "copy", template=database)
    with psycopg.connect(with_database(cluster.url(APP), "copy")) as app:
        assert app.execute("SELECT name FROM colour").fetchone() == ("RAL 7016",)
    drop_database(admin, "copy")


def test_a_killed_server_starts_again_at_its_address_with_what_was_committed(
    cluster: PostgresCluster, database: str
) -> None:
    with psycopg.connect(cluster.url(OWNER, database)) as owner:
        owner.execute("CREATE TABLE kept (id int)")
    assert cluster.process is not None
    address, pid = cluster.url(APP, database), cluster.process.pid
    os.kill(pid, signal.SIGKILL)
    cluster.process.wait()
    cluster.stop()
    cluster.start()
    assert cluster.url(APP, database) == address
    with psycopg.connect(cluster.url(OWNER, database)) as owner:
        assert owner.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_start_waits_for_the_children_of_a_killed_server(cluster: PostgresCluster) -> None:
    assert cluster.process is not None
    connection = psycopg.connect(cluster.url(APP))
    child = connection.info.backend_pid
    os.kill(child, signal.SIGSTOP)  # it does not see yet that its server is dead, and holds its memory
    cluster.process.kill()
    cluster.process.wait()
    Timer(1, os.kill, (child, signal.SIGCONT)).start()
    cluster.start()
    assert cluster.answers()
    assert not alive(child)
    connection.close()


def test_a_stale_pid_file_whose_number_another_process_has_is_cleared(cluster: PostgresCluster) -> None:
    cluster.stop()
    (cluster.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.folder}\n0\n{cluster.port}\n")
    cluster.start()
    assert cluster.answers()
    assert alive(os.getpid())


def test_redis_starts_again_at_its_address_with_its_queue(tmp_path: Path) -> None:
    server = RedisServer(tmp_path / "redis", tmp_path / "redis.log")
    server.start()
    try:
        import redis

        with redis.Redis.from_url(server.url()) as client:
            client.lpush("queue", "task")
        server.stop()
        assert not answers(server.url())
        server.start()
        with redis.Redis.from_url(server.url()) as client:
            assert client.lrange("queue", 0, -1) == [b"task"]
    finally:
        server.stop()


def test_nothing_answers_at_a_free_port() -> None:
    assert not answers(f"redis://127.0.0.1:{free_port()}/0")
