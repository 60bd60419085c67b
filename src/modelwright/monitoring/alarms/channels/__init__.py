"""Ways to tell people of an incident: one file for each."""

from modelwright.monitoring.alarms.channels.channel import Channel, MaybeSentError, NotSentError
from modelwright.monitoring.alarms.channels.choosing import channels_of

__all__ = ["Channel", "MaybeSentError", "NotSentError", "channels_of"]
