from __future__ import annotations

import sqlite3
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import FeedbackError, StoreError
from modelwright.store import Label, Observation, Operations, ident
from modelwright.store.migrate import HEAD


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'store' / 'operations.db'}"


@pytest.fixture
def operations(url):
    with Operations(url) as opened:
        yield opened


CELLS = (
    st.none() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


def observed(release="r1", prediction="yes", row=None, at=None):
    return Observation(
        id=ident("prediction"),
        at=at or datetime.now(UTC),
        release=release,
        row={"age": 30, "job": None} if row is None else row,
        prediction=prediction,
        probabilities={"no": 0.25, "yes": 0.75} if isinstance(prediction, str) else None,
        latency_ms=1.5,
    )


# ---- what is kept comes back


def test_looks_are_counted_per_snapshot(operations):
    first = operations.record_look("s1", "run1", "evaluation")
    operations.record_look("s1", "run2", "evaluation")
    operations.record_look("s2", "run3", "evaluation")
    assert operations.looks("s1") == 2
    assert operations.look_ledger("s1")[0] == first
    assert operations.looks("unknown") == 0


def test_a_release_remembers_the_one_it_replaced(operations):
    assert operations.current_release() is None
    first = operations.add_release(run="a", package="p1", version=1, verdict={"held": True})
    second = operations.add_release(run="b", package="p2", version=2, verdict={"held": True})
    back = operations.add_release(run="a", package="p1", version=1, verdict={}, kind="rollback")
    assert operations.releases() == [first, second, back]
    assert [each.replaced for each in (first, second, back)] == [None, first.id, second.id]
    assert operations.current_release() == back


def test_observations_come_back_with_typed_columns(operations):
    rows = [observed(row={"age": 30, "job": "smith"}), observed(row={"age": 30.5, "job": None})]
    operations.append_observations(rows)
    frame = operations.observations()
    assert frame["id"].to_list() == [each.id for each in rows]
    assert frame["at"].to_list() == [each.at for each in rows]
    assert frame["row"].struct.unnest().to_dict(as_series=False) == {
        "age": [30.0, 30.5],
        "job": ["smith", None],
    }
    assert frame["probabilities"].struct.field("yes").to_list() == [0.75, 0.75]
    assert frame["label"].to_list() == [None, None]


def test_what_callers_sent_beside_the_contract_never_hides_the_rest(operations):
    extras = [{"more": [1, {"x": 2}]}, {"more": {"x": [None]}}, {"more": 7}, {"more": "text"}, {}]
    operations.append_observations([observed(row={"age": n} | extra) for n, extra in enumerate(extras)])
    rows = operations.observations()["row"].struct.unnest()
    assert rows["age"].to_list() == [0, 1, 2, 3, 4]
    assert rows["more"].to_list() == ['[1,{"x":2}]', '{"x":[null]}', "7", "text", None]


def test_values_of_a_regression_stay_numbers(operations):
    each = observed(prediction=12.5)
    operations.append_observations([each])
    operations.add_labels([Label(each.id, 13.0)])
    frame = operations.observations()
    assert frame["prediction"].to_list() == [12.5]
    assert frame["label"].to_list() == [13.0]
    assert operations.observation(each.id).label == 13.0


def test_observations_are_chosen_by_release_label_and_time(operations):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [observed("r1" if n % 2 else "r2", at=start + timedelta(hours=n)) for n in range(6)]
    operations.append_observations(rows[::-1])
    operations.add_labels([Label(rows[1].id, "no")])
    assert operations.observations()["id"].to_list() == [each.id for each in rows]
    assert operations.observations("r1")["id"].to_list() == [rows[n].id for n in (1, 3, 5)]
    assert operations.observations("r1", labelled=True)["label"].to_list() == ["no"]
    assert operations.observations("r1", labelled=False).height == 2
    assert operations.observations(since=start + timedelta(hours=4)).height == 2
    assert operations.observations("nobody").height == 0


def test_one_observation_is_found_by_its_id(operations):
    each = observed()
    operations.append_observations([each, observed()])
    assert operations.observation(each.id) == each
    assert operations.observation("unknown") is None


@given(st.dictionaries(st.text(min_size=1), CELLS))
def test_any_row_comes_back_as_it_was_asked(tmp_path_factory, row):
    with Operations(f"sqlite:///{tmp_path_factory.getbasetemp() / 'any.db'}") as operations:
        each = observed(row=row)
        operations.append_observations([each])
        assert operations.observation(each.id).row == row


def test_the_latest_label_counts_and_the_same_again_changes_nothing(operations):
    each = observed()
    operations.append_observations([each])
    assert operations.add_labels([Label(each.id, "no"), Label(each.id, "yes")]) == 2
    assert operations.observation(each.id).label == "yes"
    assert operations.add_labels([Label(each.id, "yes")]) == 0
    assert operations.add_labels([Label(each.id, "no")]) == 1
    assert operations.observations()["label"].to_list() == ["no"]


def test_a_label_of_an_unknown_prediction_is_refused_and_none_is_kept(operations):
    each = observed()
    operations.append_observations([each])
    with pytest.raises(FeedbackError, match="no prediction is called nobody; give the `id`"):
        operations.add_labels([Label(each.id, "no"), Label("nobody", "no")])
    assert operations.observation(each.id).label is None
    assert operations.unknown_predictions([each.id, "nobody"]) == {"nobody"}


def test_labels_may_come_by_the_thousands(operations):
    rows = [observed() for _ in range(2500)]
    operations.append_observations(rows)
    assert operations.add_labels([Label(each.id, "no") for each in rows]) == 2500


def test_alarms_are_open_until_closed(operations):
    first = operations.add_alarm(release="r1", promise="loss", column=None, evidence={"e": 12.0})
    second = operations.add_alarm(
        release="r2", promise="inputs", column="age", evidence={}, since=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert operations.alarms() == [first, second]
    operations.close_alarm(first.id)
    assert operations.alarms(status="open") == [second]
    assert [each.id for each in operations.alarms("r1", "closed")] == [first.id]


def test_decisions_and_events_are_kept_in_order(operations):
    made = [operations.add_decision("wait", f"because {n}", {"n": n}) for n in range(3)]
    assert operations.decisions() == made
    happened = operations.add_event("served", {"port": 8000})
    operations.add_event("other", {})
    assert operations.events("served") == [happened]
    assert len(operations.events()) == 2


# ---- opening


def test_what_was_kept_is_there_when_opened_again(url):
    with Operations(url) as operations:
        made = operations.add_release(run="a", package="p", version=None, verdict={})
    with Operations(url) as operations:
        assert operations.current_release() == made


def test_the_database_survives_a_power_cut(operations):
    with operations._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_migrations_make_the_tables_that_the_code_knows(operations):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from modelwright.store.schema import METADATA

    with operations._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_head_the_code_names_is_the_newest_migration():
    from alembic.script import ScriptDirectory

    from modelwright.store import migrate

    assert ScriptDirectory(str(migrate._SCRIPTS)).get_heads() == [HEAD]


def test_opening_a_database_that_is_up_to_date_does_not_import_alembic(url):
    Operations(url).close()
    code = (
        "import sys; from modelwright.store import Operations; "
        f"Operations({url!r}).close(); print('alembic' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == "False"


def test_many_processes_may_open_a_new_database_at_once(url):
    code = f"from modelwright.store import Operations; Operations({url!r}).add_event('opened', {{}})"
    started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    with Operations(url) as operations:
        assert len(operations.events("opened")) == 4


def test_threads_may_make_databases_of_their_own_at_once(tmp_path):
    urls = [f"sqlite:///{tmp_path / str(number)}.db" for number in range(6)]
    with ThreadPoolExecutor(len(urls)) as pool:
        list(pool.map(lambda url: Operations(url).close(), urls))
    assert all(Path(url.removeprefix("sqlite:///")).stat().st_size for url in urls)


def test_a_migration_that_dies_leaves_nothing_behind(url, monkeypatch):
    from alembic import op

    def die(*_, **__):
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(op, "create_index", die)
        with pytest.raises(sqlite3.OperationalError):
            Operations(url)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    Operations(url).close()


# ---- what cannot be opened is said


def test_a_database_of_a_newer_modelwright_is_refused(url):
    Operations(url).close()
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="schema 9999, but this Modelwright knows only up to"):
        Operations(url)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "notes.db").write_text("these are just notes, " * 100)
    with pytest.raises(StoreError, match=r"notes\.db cannot be used: file is not a database"):
        Operations(f"sqlite:///{tmp_path / 'notes.db'}")


def test_a_url_that_makes_no_sense_is_refused_without_showing_it():
    with pytest.raises(StoreError, match="database URL cannot be read") as caught:
        Operations("a secret that is no url")
    assert "secret" not in str(caught.value)


def test_a_database_without_its_driver_names_the_driver():
    with pytest.raises(StoreError, match="pip install pymssql"):
        Operations("mssql+pymssql://user:password@host/name")


def test_what_the_database_refuses_is_said_without_the_rows(operations):
    each = observed(row={"name": "a secret"})
    operations.append_observations([each])
    with pytest.raises(StoreError) as caught:
        operations.append_observations([each])
    assert "secret" not in "".join(traceback.format_exception(caught.value))


def test_frames_of_nothing_have_the_same_columns(operations):
    empty = operations.observations()
    operations.append_observations([observed()])
    assert empty.columns == operations.observations().columns
    assert empty.schema["at"] == pl.Datetime("us", "UTC")


def test_monitoring_remembers_one_state_for_each_release(operations):
    assert operations.watch("release_1") is None
    operations.keep_watch("release_1", {"rows": 1})
    operations.keep_watch("release_2", {"rows": 7})
    operations.keep_watch("release_1", {"rows": 2})
    assert operations.watch("release_1") == {"rows": 2}


def test_only_the_first_label_of_a_prediction_is_a_first_label(operations):
    rows = [observed() for _ in range(3)]
    operations.append_observations(rows)
    operations.add_labels([Label(rows[0].id, "yes"), Label(rows[2].id, "no")])
    first = operations.first_labels("r1")
    assert first["id"].to_list() == [rows[0].id, rows[2].id]
    operations.add_labels([Label(rows[0].id, "no"), Label(rows[1].id, "yes")])
    second = operations.first_labels("r1", after=first["seq"].max())
    assert second["id"].to_list() == [rows[1].id]
    assert operations.first_labels("r1")["label"].to_list() == ["yes", "no", "yes"]
    assert operations.first_labels("r2").is_empty()


def test_the_newest_observations_come_in_the_order_of_time(operations):
    rows = [observed() for _ in range(5)]
    operations.append_observations(rows)
    assert operations.observations(newest=2)["id"].to_list() == [each.id for each in rows[3:]]


def test_an_alarm_is_raised_once_for_a_release(operations):
    first = operations.add_alarm(release="r1", promise="loss", column=None, evidence={"e": 1})
    again = operations.add_alarm(release="r1", promise="loss", column=None, evidence={"e": 2})
    assert again == first
    for release, promise, column in [("r2", "loss", None), ("r1", "drift", None), ("r1", "loss", "age")]:
        operations.add_alarm(release=release, promise=promise, column=column, evidence={})
    assert len(operations.alarms()) == 4
