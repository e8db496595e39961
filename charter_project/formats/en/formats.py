"""Day, month, year, twenty-four hours: the order of the French dates, and of every other date on the page."""

DATE_FORMAT = "j\u00a0F Y"
DATETIME_FORMAT = "j\u00a0F Y, H:i"
