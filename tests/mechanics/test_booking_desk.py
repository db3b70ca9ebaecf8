"""What a reader sees of an item: one state at a time, with the pass for the seat path."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from xinglin.mechanics.booking.holding import confirm, release
from xinglin.mechanics.booking.passes import read_pass
from xinglin.mechanics.booking.queueing import join_queue, open_queue
from xinglin.mechanics.booking.setting import change_item
from xinglin.mechanics.booking.showing import desk
from xinglin.mechanics.booking.waiting import wait

from .test_booking import AT, OWNER, minutes, one, take, who

pytestmark = pytest.mark.django_db


def seen(item, number, at=AT, **options):
    return desk(item=item.pk, who=who(number), at=at, next_url="/form/", **options)


def test_each_reader_sees_their_own_state():
    item = one(capacity=2, from_at=AT)
    assert seen(item, 1, at=minutes(-1)).state == "before"
    assert seen(item, 1, at=minutes(-1)).seconds == 60
    assert seen(item, 1).state == "open"
    held = take(item, 1)
    assert (seen(item, 1, at=minutes(5)).state, seen(item, 1, at=minutes(5)).seconds_held) == ("held", 600)
    other = take(item, 2)
    assert seen(item, 3).state == "full"
    wait(item=item.pk, who=who(3), at=AT)
    assert (seen(item, 3).state, seen(item, 3).line.position) == ("waiting", 1)
    release(token=other.token, at=AT)
    assert seen(item, 3).state == "offered"
    confirm(token=held.token, at=AT)
    assert seen(item, 1).state == "mine"
    with pytest.raises(ValueError, match="no item"):
        desk(item=10**6, who=who(1), at=AT, next_url="/")


def test_a_queue_stands_before_the_item_for_its_channel():
    item = one(capacity=2)
    queue = open_queue(owner=OWNER, code="q", opens_at=AT, rate=1)
    change_item(item=item.pk, queue=queue, at=AT)
    before = seen(item, 1, at=minutes(-1))
    assert (before.state, before.moving.seed) == ("queue", "")
    join_queue(queue=queue.pk, who=who(1), at=AT)
    after = seen(item, 1, at=AT + timedelta(seconds=1))
    assert (after.state, after.moving.seed) == ("open", queue.seed)
    assert seen(item, 9, channel="desk").state == "open"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_desk_is_drawn_with_a_pass_for_this_reader_and_item(language):
    item = one(capacity=2)
    with translation.override(language):
        shown = seen(item, 1)
        page = render_to_string("booking/desk.html", {"desk": shown, "label": "<b>会议</b>"})
    found = read_pass(shown.seat_pass, at=AT)
    assert (found.who, found.items, found.language) == (who(1), (item.pk,), language)
    assert f'data-pass="{shown.seat_pass}"' in page and 'data-state="open"' in page
    assert "<b>会议</b>" not in page
    assert ("订名额" in page) == (language == "zh-hans")
