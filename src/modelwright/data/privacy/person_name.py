"""Names of people: by the column's name and how they are written, or by given names that are common."""

from __future__ import annotations

import re

from modelwright.data.privacy.detector import Detector
from modelwright.data.privacy.words import parts_of

_GIVEN_NAMES = (
    "aaron abdul adam ahmed aisha alan albert alejandro alex alexander alexandra ali alice alicia "
    "amanda amelia amy ana andrea andreas andrew angela anja ann anna anne annie anthony antoine "
    "antonio arthur ashley barbara benjamin bernard betty brandon brenda brian bruno camille carl carla "
    "carlos carmen carol caroline catherine charles charlotte cheryl chiara chloe chris christian "
    "christina christine christopher claire clara claudia cynthia daniel daniela david deborah debra "
    "denis dennis diana diego dieter dmitri donald donna dorothy douglas edward elena elisabeth "
    "elizabeth ellen emily emma eric erik ernst eva evelyn fatima felix fernando frances francesca "
    "francesco francisco francois frank franz frederick gary george georges gerald giovanni giulia "
    "giuseppe grace gregory hannah hans harold harry heather heinrich helen helena helga henri henry "
    "hiroshi hugo ibrahim ines ingrid irene isabel isabella ivan jack jacob jacqueline jakob james jan "
    "jane janet jason javier jean jeffrey jennifer jeremy jessica joan joao johann johannes john jonas "
    "jonathan jorge jose joseph joshua juan judith judy julia julian julie jurgen justin karen karin "
    "karl katarzyna kate katherine kathleen kathryn katja keith kelly kenneth kevin klaus kyle lars "
    "laura lauren laurent lea lena leon leonie linda lisa louis louise luca lucas lucia luis luisa "
    "lukas luigi mads magdalena manuel marc marco margaret maria marianne marie mario marion mark "
    "markus marta martha martin martina mary mateo matthew matthias megan mehmet melissa mia michael "
    "michel michele michelle miguel mohamed mohammad mohammed monica monika nancy natalia natalie "
    "nathan nicholas nicole nicolas nina noah nora oleg oliver olivia olga oscar otto pablo pamela "
    "paola paolo patricia patrick paul paula paulo pedro peter petra philip philipp pierre pietro "
    "rachel rafael ralph raymond rebecca renate ricardo richard robert roberto roger roland ronald rosa "
    "rose roy russell ruth ryan sabine samantha samuel sandra sara sarah scott sean sebastian sergei "
    "sergio sharon shirley silvia simon sofia sophia sophie stefan stefanie stephanie stephen steven "
    "stewart susan susanne sven sylvia tanja teresa theresa thomas timothy tobias tom tomas tyler "
    "ursula valentina vera victor victoria vincent virginia walter wei werner wilhelm william wolfgang "
    "yuki yusuf yvonne zoe"
)
_GIVEN = frozenset(_GIVEN_NAMES.split())
_SHAPE = r"^(?:\p{Lu}|[\p{Lo}])[\p{L}\p{M}'\u2019.\-]*(?:[ ,]+[\p{L}\p{M}()\"'\u2019.\-]+){0,6}$"
_SPLIT = re.compile(r"[\s,.()\"\u2019'-]+")

_PEOPLE = (
    "customer client patient employee user contact person passenger owner driver student guest member "
    "donor applicant buyer seller beneficiary borrower cardholder holder insured kunde kunden "
    "mitarbeiter patienten empleado cliente"
)
_SINGLE = (
    "first_name firstname forename given_name givenname last_name lastname surname family_name "
    "middle_name maiden_name full_name fullname vorname nachname familienname prenom nom_de_famille "
    "nom_complet apellido apellidos nombre_completo cognome sobrenome nome_completo voornaam achternaam "
    "fornavn etternavn fornamn efternamn imie nazwisko фамилия имя 姓名"
)


def _has_common_name(text: str) -> bool:
    """Whether one of the first four words is a common given name."""
    return any(parts_of(word) in _GIVEN for word in _SPLIT.split(text)[:4] if word)


def _is_written_like_one(text: str) -> bool:
    return len(text) <= 80 and sum(len(word) > 1 for word in _SPLIT.split(text)) >= 1


DETECTOR = Detector(
    kind="name",
    title="names of people",
    pattern=_SHAPE,
    valid=_is_written_like_one,
    words=" ".join([_SINGLE, *(f"{who}_name name_{who}" for who in _PEOPLE.split())]),
    named=0.6,
    alone=None,
    strength=0.9,
)
CALLED_NAME = Detector(
    kind="name",
    title="names of people",
    pattern=_SHAPE,
    valid=_has_common_name,
    words=("name names nom nome nombre naam namn navn who person contact passenger"),
    named=0.25,
    alone=0.6,
    strength=0.9,
)
