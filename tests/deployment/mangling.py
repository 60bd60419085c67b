"""Request bodies that are wrong, or odd, in one of many ways."""

from __future__ import annotations

import json
import random

ODD = [
    None, True, 0, -1, 1e308, -1e308, 2**63, 2**200, 1e-320, "", " ", "\x00", "a" * 5000, "é\u202e\U0001f600",
    "NaN", "Infinity", "-inf", "1e999", "9999-99-99", "0001-01-01T00:00:00Z", [], {}, [[]], {"a": {"b": []}},
    "' OR 1=1 --", "<script>", "../../etc/passwd", "${jndi:x}",
]  # fmt: skip
BROKEN = [
    b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe\x00", b'{"records": [NaN]}',
    b'{"records": [{"age": Infinity}]}',
    b"[" * 100_000, b'{"records":' * 20_000, b'{"records": [{"age": 1' + b"0" * 100_000 + b"}]}",
    '{"records": [{"age": 1}]}'.encode("utf-16"), b'{"records": [{"age": 1}], "records": 3}',
    b'{"a": "\\ud800"}',
]  # fmt: skip


def mangled(rng: random.Random, rows: list[dict]) -> bytes:
    """Return a body that is wrong, or odd, in one of many ways."""
    kind = rng.randrange(5)
    if kind == 0:
        return rng.choice(BROKEN)
    row = dict(rng.choice(rows))
    if kind == 1:
        text = json.dumps({"records": [row]}).encode()
        place = rng.randrange(len(text))
        return text[:place] + bytes([rng.randrange(256)]) + text[place + rng.randrange(3) :]
    for _ in range(rng.randint(1, 4)):
        name = rng.choice([*row, "unknown", "", "\x00", "a" * 500]) if row else "x"
        if rng.random() < 0.2:
            row.pop(name, None)
        else:
            row[name] = rng.choice(ODD)
    shape = rng.choice(["records", "records", "records", "record", "labels"])
    return json.dumps({shape: rng.choice([[row], [row, row], row, [[row]], []])}).encode()
