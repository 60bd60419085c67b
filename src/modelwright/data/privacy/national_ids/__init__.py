"""Numbers by which a state knows a person: one file for each country, with its own check.

In: a text. Out: whether it is such a number.
"""

from modelwright.data.privacy.national_ids.brazil import DETECTOR as BRAZIL
from modelwright.data.privacy.national_ids.britain import DETECTOR as BRITAIN
from modelwright.data.privacy.national_ids.china import DETECTOR as CHINA
from modelwright.data.privacy.national_ids.france import DETECTOR as FRANCE
from modelwright.data.privacy.national_ids.germany import DETECTOR as GERMANY
from modelwright.data.privacy.national_ids.india import DETECTOR as INDIA
from modelwright.data.privacy.national_ids.italy import DETECTOR as ITALY
from modelwright.data.privacy.national_ids.netherlands import DETECTOR as NETHERLANDS
from modelwright.data.privacy.national_ids.poland import DETECTOR as POLAND
from modelwright.data.privacy.national_ids.spain import DETECTOR as SPAIN
from modelwright.data.privacy.national_ids.sweden import DETECTOR as SWEDEN
from modelwright.data.privacy.national_ids.united_states import DASHED as UNITED_STATES_DASHED
from modelwright.data.privacy.national_ids.united_states import DETECTOR as UNITED_STATES

__all__ = [
    "BRAZIL",
    "BRITAIN",
    "CHINA",
    "FRANCE",
    "GERMANY",
    "INDIA",
    "ITALY",
    "NETHERLANDS",
    "POLAND",
    "SPAIN",
    "SWEDEN",
    "UNITED_STATES",
    "UNITED_STATES_DASHED",
]
