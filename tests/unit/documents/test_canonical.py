import dataclasses
import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from charters.documents.canonical import (
    CharterText,
    ClauseText,
    SectionText,
    canonical_text,
    digest,
    grouped,
    short_digest,
)

WORDS = st.text(st.sampled_from("abé ï’«»\n*_-1.œ\u00a0\u202f"), max_size=40)
CLAUSES = st.builds(ClauseText, WORDS, WORDS, WORDS, WORDS, WORDS, st.lists(WORDS, max_size=2).map(tuple))
SECTIONS = st.builds(SectionText, WORDS, WORDS, WORDS, WORDS, st.lists(CLAUSES, max_size=3).map(tuple))
CHARTERS = st.builds(CharterText, WORDS, st.just("fr"), st.lists(SECTIONS, max_size=2).map(tuple))

CLAUSE = ClauseText("k1", "U1", "obligation", "Été", "Un compte *personnel*.", ("C. trav. L1121-1",))
SECTION = SectionText("s1", "conditions", "Conditions", "Qui est concerné.", (CLAUSE,))


def _sha(value):
    return digest(canonical_text(value))


def test_the_form_is_fixed_for_life():
    assert canonical_text(SECTION) == (
        '{"clauses":[{"body":"Un compte *personnel*.","key":"k1","nature":"obligation","number":"U1",'
        '"references":["C. trav. L1121-1"],"title":"Été"}],"format":"cocharte-text/1","key":"s1","kind":"conditions",'
        '"state":"present","summary":"Qui est concerné.","title":"Conditions"}'
    )
    assert _sha(SECTION) == "2c734ee7d382922c912d257489d361e7e31546805e1efc271ad514e66f76e48a"


def test_people_compare_the_first_digits():
    assert short_digest("9f3ac41e07bd52e8" + "0" * 48) == "9f3a c41e 07bd 52e8"
    assert grouped("9f3ac41e07") == "9f3a c41e 07"


@given(CHARTERS)
def test_one_text_has_one_hash_however_it_was_typed(charter):
    canonical = canonical_text(charter)
    assert canonical_text(_typed(charter, "NFD", "\r\n")) == canonical
    assert canonical_text(_typed(charter, "NFC", "\n")) == canonical
    assert json.dumps(json.loads(canonical), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == canonical


@given(CHARTERS)
def test_hashing_what_was_hashed_changes_nothing(charter):
    stored = json.loads(canonical_text(charter))
    again = CharterText(
        stored["title"],
        stored["language"],
        tuple(
            SectionText(
                **{
                    **s,
                    "clauses": tuple(ClauseText(**{**c, "references": tuple(c["references"])}) for c in s["clauses"]),
                }
            )
            for s in stored["sections"]
        ),
    )
    assert _sha(again) == _sha(charter)


@given(st.sampled_from(["key", "number", "nature", "title", "body"]))
def test_any_changed_word_changes_the_hash(field):
    changed = dataclasses.replace(CLAUSE, **{field: getattr(CLAUSE, field) + " autre"})
    assert _sha(dataclasses.replace(SECTION, clauses=(changed,))) != _sha(SECTION)


def test_the_order_of_clauses_and_the_references_are_part_of_the_text():
    other = dataclasses.replace(CLAUSE, key="k2")
    one, two = (dataclasses.replace(SECTION, clauses=clauses) for clauses in [(CLAUSE, other), (other, CLAUSE)])
    assert _sha(one) != _sha(two)
    bare = dataclasses.replace(SECTION, clauses=(dataclasses.replace(CLAUSE, references=()),))
    assert _sha(bare) != _sha(SECTION)


def _typed(value, form, end):
    if isinstance(value, str):
        return unicodedata.normalize(form, value).replace("\n", end)
    if isinstance(value, tuple):
        return tuple(_typed(item, form, end) for item in value)
    fields = {field.name: _typed(getattr(value, field.name), form, end) for field in dataclasses.fields(value)}
    return type(value)(**fields)
