"""Registration numbers (NIR) of France: sex, birth, department, and a key of 97 less the remainder."""

from __future__ import annotations

from modelwright.data.privacy.detector import Detector


def _is_valid(text: str) -> bool:
    bare = text.replace(" ", "").upper()
    number = bare[:13]
    # Corsica's departments are letters; they count as 19 and 18.
    number = number.replace("2A", "19", 1) if number[5:7] == "2A" else number
    number = number.replace("2B", "18", 1) if number[5:7] == "2B" else number
    if not number.isdigit() or not (1 <= int(bare[3:5]) <= 12 or int(bare[3:5]) >= 20):
        return False
    return len(bare) == 13 or 97 - int(number) % 97 == int(bare[13:])


DETECTOR = Detector(
    kind="national_id",
    title="French registration numbers (NIR)",
    pattern=r"(?i)^[1-478] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}$",
    valid=_is_valid,
    words="nir insee securite_sociale numero_securite_sociale num_secu",
    strength=0.98,
)
