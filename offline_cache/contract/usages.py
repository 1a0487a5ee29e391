"""Extended key usages of our own."""

from __future__ import annotations

# Of the operator's technicians. Under 2.25, of a UUID (ITU-T X.667): nobody else has it.
OPERATOR_STAFF = "2.25.102242212614743327062088293977777612989"
