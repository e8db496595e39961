"""What WeasyPrint leaves to be done in a PDF/A that is also to be accessible (PDF/UA-1) and sealed."""

import io
from typing import NamedTuple

import pikepdf
from django.utils.translation import gettext as _
from lxml import etree
from pikepdf import Array, Dictionary, Name, String

FIELD_NAME = "Cachet"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# The identification of PDF/UA, and the extension schema without which PDF/A validators refuse it (ISO 19005-3, 6.6.2.3).
_UA = f"""<r xmlns:rdf="{_RDF}" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<rdf:Description rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></r>"""


class Field(NamedTuple):
    """Where the seal goes: page (from 0), rectangle in points from the lower left, and its spoken name."""

    page: int
    rectangle: tuple[float, float, float, float]
    name: str


def complete(content: bytes, field: Field, link_names: dict[str, str]) -> bytes:
    """Return the PDF with its PDF/UA identification, readable links and an empty, tagged field for the seal."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _identify(pdf)
        _name_links(pdf, link_names)
        _scope_headers(pdf)
        _add_field(pdf, field)
        written = io.BytesIO()
        pdf.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return written.getvalue()


def _identify(pdf: pikepdf.Pdf) -> None:
    """In the one rdf:RDF that is there: a second one, which WeasyPrint's own option writes, is not read."""
    packet = pdf.Root.Metadata.read_bytes()
    tree = etree.fromstring(packet.split(b"?>", 1)[1].rsplit(b"<?xpacket", 1)[0])
    rdf = tree.find(f"{{{_RDF}}}RDF")
    if rdf is None:
        msg = "the file has no XMP description to complete"
        raise ValueError(msg)
    rdf.extend(list(etree.fromstring(_UA)))
    body = (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        + etree.tostring(tree)
        + b'\n<?xpacket end="w"?>'
    )
    pdf.Root.Metadata = pdf.make_indirect(pikepdf.Stream(pdf, body, Type=Name.Metadata, Subtype=Name.XML))


def _name_links(pdf: pikepdf.Pdf, names: dict[str, str]) -> None:
    """A link is announced by where it leads, in words (ISO 14289-1, 7.18.5), not by « s1-3 »."""
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") != Name.Link:
                continue
            if "/Dest" in annotation:
                target = str(annotation.Dest)
                annotation.Contents = String(names.get(target, target))
            elif "/A" in annotation and "/URI" in annotation.A:
                annotation.Contents = String(_("Link to %(address)s") % {"address": str(annotation.A.URI)})


def _scope_headers(pdf: pikepdf.Pdf) -> None:
    """A header cell says what it heads (ISO 14289-1, 7.5): the rows of a body, or the columns of a head."""

    def walk(element: pikepdf.Object, inside: str) -> None:
        if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
            return
        kind = str(element.S)
        if kind == "/TH":
            element.A = Dictionary(O=Name.Table, Scope=Name.Column if inside == "/THead" else Name.Row)
        children = element.get("/K", Array([]))
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            walk(child, kind if kind in {"/THead", "/TBody"} else inside)

    for root in pdf.Root.StructTreeRoot.K:
        walk(root, "")


def _add_field(pdf: pikepdf.Pdf, field: Field) -> None:
    """Made before sealing: a field that the seal adds by itself has no tag (ISO 14289-1, 7.18.1, 7.18.3, 7.18.4)."""
    page = pdf.pages[field.page].obj
    tree = pdf.Root.StructTreeRoot
    numbers = tree.ParentTree.Nums
    key = max(int(numbers[i]) for i in range(0, len(numbers), 2)) + 1
    widget = pdf.make_indirect(_widget(pdf, field, page, key))
    root = tree.K[0]
    target = Dictionary(Type=Name.OBJR, Obj=widget, Pg=page)
    form = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Form, P=root, Pg=page, Alt=String(field.name), K=target)
    )
    root.K.append(form)
    numbers.append(key)
    numbers.append(form)
    tree.ParentTreeNextKey = key + 1
    if "/Annots" in page:
        page.Annots.append(widget)
    else:
        page.Annots = Array([widget])
    page.Tabs = Name.S
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([widget]), SigFlags=0))


def _widget(pdf: pikepdf.Pdf, field: Field, page: pikepdf.Object, key: int) -> Dictionary:
    """Print and Locked (132); an empty appearance, because what people see of the seal is printed in the page."""
    left, bottom, right, top = field.rectangle
    empty = pikepdf.Stream(
        pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, right - left, top - bottom], Resources=Dictionary()
    )
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String(FIELD_NAME),
        TU=String(field.name),
        F=132,
        Rect=[round(value, 2) for value in field.rectangle],
        P=page,
        AP=Dictionary(N=pdf.make_indirect(empty)),
        StructParent=key,
    )
