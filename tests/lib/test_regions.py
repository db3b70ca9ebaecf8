"""Codes of regions are read both ways, in force and abolished."""

import pytest

from xinglin.lib import regions as r


def test_there_are_34_provinces_and_333_prefectures() -> None:
    assert [p.code for p in r.provinces()][:3] == ["110000", "120000", "130000"]
    assert len(r.provinces()) == 34
    prefectures = [
        part
        for p in r.provinces()
        for part in r.parts_of(code=p.code)
        if part.level is r.RegionLevel.PREFECTURE
    ]
    assert len(prefectures) == 333
    assert sum(p.name.endswith("市") for p in prefectures) == 293


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("310101", "上海市黄浦区"),
        ("320106", "江苏省南京市鼓楼区"),
        ("469002", "海南省琼海市"),
        ("659001", "新疆维吾尔自治区石河子市"),
        ("110105", "北京市朝阳区"),
        ("810000", "香港特别行政区"),
        ("999999", ""),
    ],
)
def test_a_code_gives_the_name_of_an_address(code: str, name: str) -> None:
    assert r.full_name(code=code) == name


def test_an_abolished_code_keeps_its_name_and_years() -> None:
    xuanwu = r.region_of(code="110104")
    assert xuanwu is not None
    assert (xuanwu.name, xuanwu.since, xuanwu.until, xuanwu.in_force) == ("宣武区", None, 2010, False)
    assert r.region_of(code="110104", year=2009) == xuanwu
    assert r.region_of(code="110104", year=2010) is None


def test_a_code_that_changed_its_name_answers_by_year() -> None:
    assert [region.name for region in r.names_of(code="320800")] == ["淮阴市", "淮安市"]
    assert r.full_name(code="320800", year=1999) == "江苏省淮阴市"
    assert r.full_name(code="320800") == "江苏省淮安市"


def test_a_name_gives_its_codes_within_a_region() -> None:
    assert [region.code for region in r.regions_named(name="鼓楼区")] == [
        "320106",
        "320302",
        "350102",
        "410204",
    ]
    assert [region.code for region in r.regions_named(name="鼓楼区", within="320000")] == ["320106", "320302"]
    assert [region.code for region in r.regions_named(name="鼓楼区", within="320300")] == ["320302"]
    assert [region.code for region in r.regions_named(name="内蒙古")] == ["150000"]
    assert r.regions_named(name="宣武区") == ()
    assert [region.code for region in r.regions_named(name="宣武区", abolished=True)] == ["110104"]


def test_parts_of_a_municipality_are_its_districts() -> None:
    assert len(r.parts_of(code="310000")) == 16
    assert [part.code for part in r.parts_of(code="320000")][:2] == ["320100", "320200"]
    assert r.parts_of(code="310101") == ()


def test_every_code_in_the_table_has_six_digits_and_a_known_province() -> None:
    codes = r._by_code()
    assert all(len(code) == 6 and code.isdigit() and f"{code[:2]}0000" in codes for code in codes)
    assert sum(len(regions) for regions in codes.values()) == 6705
