"""International bank account numbers: the country's length, and the remainder by 97 (ISO 13616)."""

from __future__ import annotations

from modelwright.data.privacy.detector import Detector

_COUNTRIES = (
    "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 "
    "DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 "
    "IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 "
    "MD:24 ME:22 MK:19 MR:27 MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 "
    "SC:31 SD:18 SE:24 SI:19 SK:24 SM:27 ST:25 SV:28 TL:23 TN:24 TR:26 UA:29 VA:22 VG:24 XK:20"
)
_LENGTHS = dict(pair.split(":") for pair in _COUNTRIES.split())


def _is_iban(text: str) -> bool:
    bare = text.replace(" ", "").upper()
    if _LENGTHS.get(bare[:2]) != str(len(bare)) or not (bare.isascii() and bare.isalnum()):
        return False
    return int("".join(str(int(each, 36)) for each in bare[4:] + bare[:4])) % 97 == 1


DETECTOR = Detector(
    kind="iban",
    title="bank account numbers (IBAN)",
    pattern=r"^[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}$",
    valid=_is_iban,
    words=("iban bank_account account_number kontonummer bankverbindung cuenta_bancaria conto"),
    alone=0.5,
    strength=0.99,
    fewest=3,
)
