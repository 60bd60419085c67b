"""Places on earth, told to a few hundred metres or closer."""

from __future__ import annotations

import re

from modelwright.data.privacy.detector import Detector

_PAIR = re.compile(r"^\(?\s*(-?\d{1,3}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)\s*\)?$")


def _is_place(text: str) -> bool:
    return abs(float(text)) <= 180


def _is_pair(text: str) -> bool:
    found = _PAIR.match(text)
    return found is not None and abs(float(found[1])) <= 180 and abs(float(found[2])) <= 180


DETECTOR = Detector(
    kind="coordinates",
    title="coordinates",
    pattern=r"^-?\d{1,3}\.\d{3,}$",
    valid=_is_place,
    words=(
        "lat latitude lon lng long longitude latitud longitud breitengrad laengengrad langengrad "
        "latitudine longitudine gps_x gps_y geo_lat geo_lon"
    ),
    named=0.5,
    alone=None,
    strength=0.9,
)
PAIRS = Detector(
    kind="coordinates",
    title="coordinates",
    pattern=r"^\(?\s*-?\d{1,3}\.\d{3,}\s*[,;\s]\s*-?\d{1,3}\.\d{3,}\s*\)?$",
    valid=_is_pair,
    words=("coordinates coords location gps geo position latlon koordinaten coordenadas"),
    named=0.5,
    alone=0.9,
    strength=0.85,
)
