"""Whether a column holds quantities with units, and which."""

from __future__ import annotations

from collections.abc import Iterator

from modelwright.data.cleaning.number import reader
from modelwright.data.cleaning.seen import Seen
from modelwright.data.cleaning.unit import parted
from modelwright.problem import CleaningStep

FAMILIES: dict[str, dict[str, float]] = {
    "mass": {
        "kg": 1, "g": 1e-3, "mg": 1e-6, "t": 1e3, "lb": 0.45359237, "lbs": 0.45359237, "oz": 0.028349523125,
    },
    "length": {
        "m": 1, "km": 1e3, "cm": 1e-2, "mm": 1e-3, "mi": 1609.344, "yd": 0.9144, "ft": 0.3048, "in": 0.0254,
        "miles": 1609.344, "inch": 0.0254, "feet": 0.3048,
    },
    "volume": {"l": 1, "L": 1, "ml": 1e-3, "mL": 1e-3, "cl": 1e-2, "dl": 0.1, "hl": 100, "cc": 1e-3},
    "time": {
        "s": 1, "sec": 1, "ms": 1e-3, "min": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hours": 3600,
        "minutes": 60, "seconds": 1, "d": 86400, "days": 86400, "weeks": 604800,
    },
    "memory": {"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "kB": 1e3},
    "power": {"W": 1, "kW": 1e3, "MW": 1e6, "hp": 745.6998715822702, "PS": 735.49875},
    "energy": {"Wh": 1, "kWh": 1e3, "MWh": 1e6, "J": 1 / 3600, "kJ": 1 / 3.6},
    "speed": {"km/h": 1, "kmh": 1, "mph": 1.609344, "m/s": 3.6, "kn": 1.852, "knots": 1.852},
    "pressure": {"Pa": 1, "hPa": 100, "kPa": 1e3, "bar": 1e5, "mbar": 100, "psi": 6894.757293168},
}  # fmt: skip
"""How much of the first unit of a family each of its units is."""
LEAST_SHARE = 0.95
WAYS = ((".", ","), (",", "."))


def propose_unit(column: Seen) -> Iterator[CleaningStep]:
    """Propose to bring the quantities of a column to the unit that most of them have."""
    if not column.is_text or len(column.numbers):
        return
    found: dict[str, int] = {}
    numbers = []
    for text, count in column.counts.items():
        parts = parted(text)
        unit = parts[1] if parts else ""
        found[unit] = found.get(unit, 0) + count
        numbers.append(parts[0] if parts else text)
    units = sorted((unit for unit in found if unit), key=lambda unit: -found[unit])
    family = next((each for each in FAMILIES.values() if units and all(unit in each for unit in units)), None)
    way = next((way for way in WAYS if all(map(reader(*way, ()), numbers))), None)
    if family is None or way is None or len(column.counts) < 3:
        return
    bare, total = found.get("", 0), sum(found.values())
    if bare > (1 - LEAST_SHARE) * total:
        return
    most = units[0]
    shown = ", ".join(f"{found[unit]:,} in {unit}" for unit in units)
    doubt = f"; but {bare:,} cells have no unit" if bare else ""
    yield CleaningStep.model_validate({
        "step": "unit",
        "columns": (column.name,),
        "enabled": not bare,
        "decimal": way[0],
        "thousands": way[1],
        "unit": most,
        "factors": {unit: factor / family[most] for unit, factor in family.items()},
        "changes": total - bare,
        "evidence": f"{total - bare:,} cells are quantities, {shown}{doubt}",
    })  # fmt: skip
