"""The embedded PostgreSQL, each test with a cluster of its own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from config.embedded import EmbeddedError, Postgres

pytestmark = pytest.mark.processes
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root only")
Make = Callable[[str], Postgres]
SPIN = """DO $$ DECLARE until timestamptz := clock_timestamp() + '1 s';
BEGIN WHILE clock_timestamp() < until LOOP END LOOP; END $$"""


@pytest.fixture
def make() -> Iterator[Make]:
    """Servers below a fresh folder of mode 0700, stopped and removed afterwards."""
    base, made = Path(tempfile.mkdtemp(prefix="andon-embedded-")), []

    def make_one(name: str) -> Postgres:
        made.append(Postgres(base / name, durable=False))
        return made[-1]

    yield make_one
    for server in made:
        server.stop()
    shutil.rmtree(base)


def answer(server: Postgres) -> int:
    with psycopg.connect(server.conninfo) as connection:
        return connection.execute("SELECT 41 + 1").fetchone()[0]


def postmaster(server: Postgres) -> int:
    return int((server.cluster / "postmaster.pid").read_text().split()[0])


@pytest.mark.parametrize("name", ["plain", "with space, comma's and ünïcode", "long/" + "a" * 120 + "/" + "b" * 120])
def test_it_answers_wherever_its_folder_is(make: Make, name: str) -> None:
    server = make(name)
    known_before = (server.conninfo, server.django_settings())
    server.ensure()
    assert answer(server) == 42
    assert (server.conninfo, server.django_settings()) == known_before


def test_two_folders_are_two_databases(make: Make) -> None:
    first, second = make("first"), make("second")
    first.ensure()
    second.ensure()
    with psycopg.connect(first.conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE here ()")
    with psycopg.connect(second.conninfo) as connection:
        assert connection.execute("SELECT to_regclass('here')").fetchone() == (None,)


def test_text_sorts_and_compares_as_utf8(make: Make) -> None:
    server = make("locale")
    server.ensure()
    with psycopg.connect(server.conninfo) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SELECT upper('žluťoučký')").fetchone() == ("ŽLUŤOUČKÝ",)


def test_nobody_else_may_connect(make: Make) -> None:
    server = make("private")
    server.ensure()
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    with psycopg.connect(server.conninfo) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


@as_root
def test_as_root_it_runs_under_another_account_and_opens_no_folder(make: Make) -> None:
    server = make("root")
    server.ensure()
    assert Path(f"/proc/{postmaster(server)}").stat().st_uid != 0
    assert stat.S_IMODE(server.data_dir.parent.stat().st_mode) == 0o700


def test_ensure_and_stop_may_be_repeated(make: Make) -> None:
    server = make("again")
    server.stop()
    for _ in range(2):
        server.ensure()
        pid = postmaster(server)
        server.ensure()
        assert postmaster(server) == pid
        server.stop()
        server.stop()
        assert not server.running()


def test_many_may_start_it_at_once(make: Make) -> None:
    server = make("at once")
    others = [Postgres(server.data_dir, durable=False) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Postgres.ensure, others))
        assert answer(server) == 42
        server.stop()


def test_another_manager_adopts_and_stops_a_running_server(make: Make) -> None:
    server = make("adopted")
    server.ensure()
    heir = Postgres(server.data_dir)
    pid = postmaster(server)
    heir.ensure()
    assert postmaster(heir) == pid
    heir.stop()
    assert not server.running()


def test_killed_while_it_worked_it_comes_back_with_what_was_committed(make: Make) -> None:
    server = make("killed")
    server.ensure()
    with psycopg.connect(server.conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        connection.execute("CHECKPOINT")  # a careless server promises no more than that
    os.kill(postmaster(server), signal.SIGKILL)
    server.ensure()
    with psycopg.connect(server.conninfo) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_it_waits_for_a_busy_backend_that_outlived_its_postmaster(make: Make) -> None:
    server = make("orphan")
    server.ensure()
    busy = psycopg.connect(server.conninfo, autocommit=True)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(busy.execute, SPIN)
        while not _busy(server):
            pass
        os.kill(postmaster(server), signal.SIGKILL)
        server.ensure()
        assert answer(server) == 42
        running.exception(timeout=10)
    busy.close()


def _busy(server: Postgres) -> bool:
    with psycopg.connect(server.conninfo) as connection:
        found = connection.execute("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'DO%' AND state = 'active'")
        return found.fetchone() is not None


def test_a_pid_file_whose_number_is_another_process_by_now_stops_nobody(make: Make) -> None:
    server = make("recycled")
    server.ensure()
    server.stop()
    lines = [os.getpid(), server.cluster, 1, 5432, server.socket_dir, "", "0 0", "ready"]
    (server.cluster / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")
    server.ensure()
    assert answer(server) == 42


def test_it_comes_back_when_its_socket_was_swept_away(make: Make) -> None:
    server = make("swept")
    server.ensure()
    shutil.rmtree(server.socket_dir)
    server.ensure()
    assert answer(server) == 42


def test_an_interrupted_creation_is_begun_again(make: Make) -> None:
    server = make("interrupted")
    (server.data_dir / "postgres.new" / "base").mkdir(parents=True)
    server.ensure()
    assert answer(server) == 42


def test_a_careless_server_ends_with_the_process_that_started_it(make: Make) -> None:
    server = make("mortal")
    program = (
        "import sys; from pathlib import Path; from config.embedded import Postgres\n"
        "Postgres(Path(sys.argv[1]), durable=False).ensure(); print('up', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, server.data_dir], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as starter:
        assert starter.stdout.read(2) == b"up"
        assert answer(server) == 42
        starter.kill()
    while server._postmaster() is not None:
        pass
    assert not server.running()


def refusal(server: Postgres) -> str:
    with pytest.raises(EmbeddedError) as caught:
        server.ensure()
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_a_file_in_the_place_of_the_folder_is_named(make: Make) -> None:
    server = make("a file")
    server.data_dir.write_text("")
    assert str(server.data_dir) in refusal(server)


def test_a_folder_that_is_no_cluster_is_named(make: Make) -> None:
    server = make("no cluster")
    server.cluster.mkdir(parents=True)
    sentence = refusal(server)
    assert str(server.cluster) in sentence
    assert "Move it away" in sentence
    shutil.rmtree(server.cluster)


def test_a_cluster_of_another_version_is_refused(make: Make) -> None:
    server = make("newer")
    server.ensure()
    server.stop()
    (server.cluster / "PG_VERSION").write_text("99\n")
    assert "made by PostgreSQL 99" in refusal(server)


def test_a_squatted_socket_folder_is_refused(make: Make) -> None:
    server = make("squatted")
    server.socket_dir.symlink_to("/")
    try:
        assert str(server.socket_dir) in refusal(server)
    finally:
        server.socket_dir.unlink()


def test_broken_files_are_told_with_the_reason(make: Make) -> None:
    server = make("broken")
    server.ensure()
    server.stop()
    (server.cluster / "global" / "pg_control").unlink()
    sentence = refusal(server)
    assert "pg_control" in sentence
    assert str(server.log) in sentence


@as_root
def test_another_users_cluster_is_not_touched(make: Make) -> None:
    server = make("theirs")
    server.ensure()
    server.stop()
    server.data_dir.parent.chmod(0o755)
    server.data_dir.chmod(0o777)
    program = (
        "import os, sys; from pathlib import Path; from config.embedded import Postgres; os.setuid(12345)\n"
        "try: Postgres(Path(sys.argv[1])).ensure()\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    command = [sys.executable, "-c", program, server.data_dir]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    assert said.startswith("EmbeddedError"), said
    assert str(server.data_dir) in said
