"""« 14 novembre 2026 à 9 h 05 »: the spaces inside are no-break spaces, and an hour has no leading zero."""

DATE_FORMAT = "j\u00a0F Y"
DATETIME_FORMAT = "j\u00a0F Y \\à\u00a0G\u00a0\\h\u00a0i"
