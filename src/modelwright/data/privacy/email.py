"""E-mail addresses."""

from __future__ import annotations

from modelwright.data.privacy.detector import Detector, always

DETECTOR = Detector(
    kind="email",
    title="e-mail addresses",
    pattern=r"^[^\s@,;<>]{1,64}@(?:[^\s@.,;<>]+\.)+[A-Za-z]{2,24}$",
    valid=always,
    words="email e_mail mail emails correo courriel posta_elettronica 邮箱",
    named=0.3,
    alone=0.5,
    strength=0.99,
    fewest=3,
)
