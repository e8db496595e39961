import gc
import io
import re
import subprocess

import pikepdf
import pytest

from charters.documents import pdf as pdf_module
from charters.documents.pdf import RenderingError, render_pdf
from tests import needs

pytestmark = needs.pdf


@pytest.fixture(scope="module")
def content(edition):
    return render_pdf(edition())


@pytest.fixture
def opened(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def short(edition):
    """Make an edition of one section: quicker where the length does not matter."""

    def make(language="fr", **fields):
        return edition(language, **({"sections": edition(language).sections[:1], "polls": ()} | fields))

    return make


def _elements(node, kind):
    if isinstance(node, pikepdf.Dictionary) and "/S" in node:
        if str(node.S) == f"/{kind}":
            yield node
        children = node.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            yield from _elements(child, kind)


def test_it_says_what_it_is(opened):
    metadata = opened.open_metadata()
    assert (metadata.pdfa_status, metadata["pdfuaid:part"]) == ("3A", "1")
    assert opened.Root.Metadata.read_bytes().count(b"<rdf:RDF") == 1
    assert opened.Root.MarkInfo.Marked
    assert str(opened.Root.Lang) == "fr"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert "Charte des médias sociaux" in str(opened.docinfo.Title)
    assert str(opened.Root.OutputIntents[0].S) == "/GTS_PDFA1"
    assert 10 <= len(opened.pages) <= 16


def test_every_font_is_embedded(opened):
    fonts = {name: font for page in opened.pages for name, font in page.Resources.get("/Font", {}).items()}
    assert fonts
    for font in fonts.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert "/ToUnicode" in font
        assert "Source" in str(font.BaseFont)


def test_headings_links_tables_and_the_portrait_are_tagged(opened):
    root = opened.Root.StructTreeRoot.K[0]
    assert len(list(_elements(root, "H3"))) >= 34
    assert [str(f.Alt) != "" for f in _elements(root, "Figure")] == [True]
    scopes = {str(header.A.Scope) for header in _elements(root, "TH")}
    assert scopes == {"/Column", "/Row"}
    links = [a for page in opened.pages for a in page.get("/Annots", []) if a.Subtype == "/Link"]
    assert len(links) >= 34 + 6
    assert not [str(link.Contents) for link in links if re.fullmatch(r"s\d(-\d+)?", str(link.Contents))]
    assert all(int(link.F) & 4 for link in links)


def test_the_outline_has_the_sections_and_their_clauses(opened):
    with opened.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles[0] == "Enjeux et risques"
        assert len(titles) == 6
        assert len(outline.root[0].children) == 6


def test_the_adopted_text_is_attached_as_its_source(opened, edition):
    assert list(opened.attachments) == ["charte-edition-1.json"]
    attached = opened.attachments["charte-edition-1.json"]
    assert attached.get_file().read_bytes() == edition().canonical_text
    assert str(attached.obj.AFRelationship) == "/Source"
    assert attached.get_file().mime_type == "application/json"


def test_the_field_of_the_seal_is_named_tagged_and_where_the_box_is_printed(opened):
    (field,) = opened.Root.AcroForm.Fields
    assert (str(field.T), int(field.F), str(field.FT)) == ("Cachet", 132, "/Sig")
    assert "Orvane" in str(field.TU)
    left, bottom, right, top = (float(v) for v in field.Rect)
    assert 60 < left < 70
    assert 400 < right - left < 440
    assert 50 < top - bottom < 150
    assert bottom > 60
    numbers = opened.Root.StructTreeRoot.ParentTree.Nums
    keys = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    assert keys[int(field.StructParent)].S == "/Form"


def test_the_same_edition_gives_the_same_bytes(content, edition):
    assert render_pdf(edition()) == content
    assert render_pdf(edition(edition_number=2)) != content


@pytest.mark.parametrize(
    "company",
    [
        'Société "Guillemets" & Fils \\',
        "</style><script>alert(1)</script>",
        "}; @import url(https://evil.test/x.css); \\a \\22",
        "Établissement public de coordination " * 6,
        "X" * 200,
        "🎉 Café ✓ №",
    ],
)
def test_odd_names_change_nothing_but_the_words(short, company):
    with pikepdf.open(io.BytesIO(render_pdf(short(company=company, charter_title=company[:120])))) as pdf:
        assert len(pdf.pages) == 5


def test_english_and_bare_editions(short):
    with pikepdf.open(io.BytesIO(render_pdf(short("en", colleges=(), effective_date=None)))) as pdf:
        assert str(pdf.Root.Lang) == "en"


@pytest.mark.parametrize(
    "html", ['<img src="https://evil.test/x.png" alt="x">', '<link rel="stylesheet" href="/etc/x">']
)
def test_nothing_outside_the_product_is_asked_for(short, monkeypatch, html):
    original = pdf_module.edition_html
    monkeypatch.setattr(pdf_module, "edition_html", lambda document: original(document).replace("</main>", html))
    with pytest.raises(RenderingError, match=r"evil\.test|etc/x"):
        render_pdf(short())


def test_a_warning_of_the_engine_stops_the_publication(short, monkeypatch):
    original = pdf_module.edition_html
    bad = '<p style="colour: red">x</p></main>'
    monkeypatch.setattr(pdf_module, "edition_html", lambda document: original(document).replace("</main>", bad))
    with pytest.raises(RenderingError, match="colour"):
        render_pdf(short())


def test_the_garbage_collector_is_left_as_it_was(content):
    assert gc.isenabled()


def test_a_machine_without_pango_says_so(short, monkeypatch):
    monkeypatch.setattr(pdf_module, "pdf_available", lambda: False)
    with pytest.raises(RenderingError):
        render_pdf(short())


def test_other_programs_read_it(content, program, tmp_path):
    path = tmp_path / "edition.pdf"
    path.write_bytes(content)

    def say(name, *arguments):
        run = subprocess.run([program(name), *arguments], capture_output=True, text=True, check=True)
        return run.stdout

    assert all(re.search(r" yes yes yes +\d+ +0$", line) for line in say("pdffonts", path).splitlines()[2:])
    assert "No syntax or stream encoding errors" in say("qpdf", "--check", path)
    assert "Usage personnel au travail" in say("pdftotext", "-layout", path, "-")
