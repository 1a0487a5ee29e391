"""What became of a request, opened by a card in the place of the PIN beside its code."""

from __future__ import annotations

from offline_cache.contract.evidence import Evidence
from offline_cache.contract.messages import Message

# In the place of a service, in the nonce and in what the card signs: no service of a catalogue is named so.
STATUS_BY_CARD = "/ticket-status"
# As every look-up of something personal should: PIN, and a fresh word on the card's revocation.
STATUS_BY_CARD_LEVEL = 3


class CardStatusRequest(Message):
    """POST /ticket-status-by-card: over a nonce that was drawn for `STATUS_BY_CARD`; answered by a StatusAnswer."""

    code: str
    session: str
    evidence: Evidence
