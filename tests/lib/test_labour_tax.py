"""Tax on labour remuneration: the table's own examples, its edges, and there and back again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib.labour_tax import from_gross, from_net, tax_on


@pytest.mark.parametrize(("gross", "tax"), [
    (0, 0), (800, 0), ("800.01", 0), (1000, 40), (4000, 640), ("4000.01", "640.00"), (5000, 800), (25000, 4000),
    ("25000.01", "4000.00"), (30000, 5200), (62500, 13000), (100000, 25000)])
def test_the_table(gross, tax):
    assert tax_on(gross=Decimal(gross)) == Decimal(tax)


@pytest.mark.parametrize(("net", "gross"), [
    (800, 800), (960, 1000), (3360, 4000), (4200, 5000), (21000, 25000), (24800, 30000), (49500, 62500),
    (75000, 100000)])
def test_backwards(net, gross):
    assert from_net(net=Decimal(net)).gross == Decimal(gross)


@given(st.integers(min_value=0, max_value=20_000_000))
def test_what_is_promised_net_is_received_to_the_fen(fen):
    net = Decimal(fen) / 100
    made = from_net(net=net)
    assert made.net == net and made.gross == made.net + made.tax
    assert abs(from_gross(gross=made.gross).net - net) <= Decimal("0.01")


def test_there_is_no_negative_remuneration():
    for ask in (lambda: tax_on(gross=Decimal(-1)), lambda: from_net(net=Decimal(-1))):
        with pytest.raises(ValueError, match="no remuneration"):
            ask()
