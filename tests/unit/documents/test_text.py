import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.documents.text import clean_text, fold
from charters.exceptions import BadInput


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  e\u0301te\u0301 \r\n\r", "été"),
        ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
        ("a\tb", "a b"),
        ("\ufeffco\u00adopé\u200bration\u2060", "coopération"),
        ("oui\u202f! «\u00a0non\u00a0»", "oui\u202f! «\u00a0non\u00a0»"),
        ("pay\u200dpal", "paypal"),
        ("👩\u200d🔧 می\u200cخواهم", "👩\u200d🔧 می\u200cخواهم"),
        ("a  \nb", "a  \nb"),
        ("drapeau 🏴\U000e0067\U000e0062\U000e007f", "drapeau 🏴"),
    ],
)
def test_what_nobody_typed_is_dropped_and_what_people_typed_is_kept(raw, cleaned):
    assert clean_text(raw, max_length=100) == cleaned


def test_a_single_line_has_no_line_break():
    assert clean_text(" Charte\r\n des   médias\tsociaux\u202f!", max_length=100, multiline=False) == (
        "Charte des médias sociaux\u202f!"
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("nul\x00", "control"),
        ("saut\x0bde Word", "control"),
        ("\x1b[31m", "control"),
        ("\x85", "control"),
        ("non-caractère \uffff", "control"),
        ("demi \ud83d", "surrogate"),
        ("facture \u202efdp.exe", "bidi"),
        ("isolé \u2066x\u2069", "bidi"),
        ("x" * 101, "too_long"),
        ("\u0301" * 1_000_000, "too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(raw, code):
    with pytest.raises(BadInput) as refusal:
        clean_text(raw, max_length=100)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


def test_the_length_is_what_people_see():
    assert len(clean_text("e\u0301" * 100 + "\u200b" * 50, max_length=100)) == 100


@given(st.text(max_size=80), st.booleans())
def test_cleaning_twice_changes_nothing(raw, multiline):
    try:
        cleaned = clean_text(raw, max_length=200, multiline=multiline)
    except BadInput:
        return
    assert clean_text(cleaned, max_length=200, multiline=multiline) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\r" not in cleaned
    assert multiline or "\n" not in cleaned


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élodie  LE GŒUR", "elodie le goeur"),
        ("Straße", "strasse"),
        ("l’Été\u202f!", "l'ete !"),
        ("İstanbul Łódź", "istanbul lodz"),
        ("J.Dupré@Exemple.FR", "j.dupre@exemple.fr"),
    ],
)
def test_folding_forgets_case_and_accents(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
