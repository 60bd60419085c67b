"""Which two columns are a place on earth."""

from __future__ import annotations

from modelwright.data import Column, place_pairs


def numbers(*names: str, most: float | None = None) -> list[Column]:
    return [Column(name=name, kind="number", maximum=most) for name in names]


def test_a_latitude_and_a_longitude_are_a_place() -> None:
    assert place_pairs(numbers("longitude", "rooms", "latitude")) == (("latitude", "longitude"),)
    assert place_pairs(numbers("lat", "lng")) == (("lat", "lng"),)


def test_several_places_are_told_apart_by_the_words_beside() -> None:
    found = place_pairs(numbers("pickup_lat", "pickupLon", "dropoff_lat", "dropoff_lon"))
    assert found == (("pickup_lat", "pickupLon"), ("dropoff_lat", "dropoff_lon"))


def test_what_is_not_on_earth_or_lacks_its_other_half_is_none() -> None:
    assert place_pairs(numbers("lat", "lon", most=500.0)) == ()
    assert place_pairs(numbers("lat", "drop_lon")) == ()
    assert place_pairs(numbers("platform", "salon")) == ()
    assert place_pairs([Column(name="lat", kind="category"), *numbers("lon")]) == ()
