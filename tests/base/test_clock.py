"""The clock tells UTC, in one form everywhere."""

from datetime import UTC, datetime, timedelta

from crosscut.base.clock import now, stamp, today


def test_the_moment_carries_its_time_zone():
    assert now().utcoffset() == timedelta(0)
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_day_and_stamp_are_those_of_the_moment():
    before, day, written, after = now().replace(microsecond=0), today(), stamp(), now()
    assert before <= datetime.fromisoformat(written) <= after
    assert before.date() <= day <= after.date()
