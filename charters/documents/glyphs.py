"""What the embedded fonts can print, so that a file does not depend on the fonts of the machine that makes it.

Letters of other scripts are left to the machine's fonts (they are embedded too); a sign without a glyph is replaced by
its look-alike or by its name in brackets: « 🎉 » becomes « [party popper] ». The attached source keeps the sign itself.
"""

import re
import unicodedata

# The signs above ASCII that all four text fonts have (checked by a test against the fonts), and U+202F, from a fifth.
SIGNS = "\u00a0¡¢£¤¥¦§¨©«¬­®¯°±´¶·¸»¿×÷˚˜\u2009–—‘’‚“”„•…′″‹›⁄€™−\u202f"
_LOOK_ALIKES = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "–",
    "\u2015": "—",
    "\u2023": "•",
    "\u25cf": "•",
    "\u25aa": "•",
    "\uf0b7": "•",
    "\u201b": "‘",
    "\u201f": "“",
    "\u2192": "›",
    "\u2190": "‹",
    "\u2264": "&lt;=",
    "\u2265": "&gt;=",
}
_UNPRINTABLE = re.compile(rf"[^\x00-\x7e{SIGNS}\w]")


def printable(html: str) -> str:
    """Return `html` without the signs that the fonts lack; tags and letters are untouched."""
    return _UNPRINTABLE.sub(_replacement, html)


def _replacement(match: re.Match[str]) -> str:
    sign = match[0]
    if sign in _LOOK_ALIKES:
        return _LOOK_ALIKES[sign]
    match unicodedata.category(sign):
        case "Zs":
            return " "
        case "Mn" | "Mc" if not "\ufe00" <= sign <= "\ufe0f":
            return sign
        case "Mn" | "Mc" | "Cf" | "Cn" | "Co":
            return ""
        case _:
            return f"[{unicodedata.name(sign, 'sign').lower()}]"
