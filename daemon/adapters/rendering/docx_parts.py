"""The pieces of WordprocessingML (ECMA-376 part 1) that python-docx has no call for; each takes text that is already visible."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

LINK_COLOR = "0A5794"
# MS-OE376 / Word's own "Insert watermark": shape type 136 is plain WordArt text; the name makes Word offer "Remove
# watermark" for it, and LibreOffice draw it behind the text.
_WATERMARK = """<w:pict {ns} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>
<v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>
<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>
<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>
<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{spid}" type="#_x0000_t136" alt="{text}"
 style="position:absolute;margin-left:0;margin-top:0;width:500pt;height:72pt;rotation:315;z-index:-251655168;
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin"
 o:allowincell="f" fillcolor="#d4d4d4" stroked="f"><v:fill opacity=".45"/>
<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt;font-weight:bold" string="{text}"/></v:shape></w:pict>"""

_CHECKBOX = """<w:sdt {ns} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr>
<w:id w:val="{number}"/><w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>
<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr>
<w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic" w:hint="eastAsia"/></w:rPr><w:t>\u2610</w:t></w:r>
</w:sdtContent></w:sdt>"""

_PICTURE_INCHES, _WIDEST_INCHES = 0.36, 2.6


def add_watermark(run: Run, text: str, number: int) -> None:
    """Diagonal grey text behind the page; belongs into a header, `number` unique in the file. `text` is ours, not data."""
    spid = 2048 + number
    run._r.append(_parsed(_WATERMARK, text=text, number=number, spid=spid))


def add_checkbox(paragraph: Paragraph, number: int) -> None:
    """A box to tick with a click (a content control, Word 2010 and later)."""
    paragraph._p.append(_parsed(_CHECKBOX, number=number))


def add_link(paragraph: Paragraph, text: str, anchor: str) -> Run:
    """Text that leads to a bookmark in the same file."""
    from docx.text.run import Run

    link = _element("w:hyperlink", {"w:anchor": bookmark_name(anchor), "w:history": "1"})
    run = Run(_element("w:r"), paragraph)
    run.text = text
    link.append(run._r)
    paragraph._p.append(link)
    return run


@contextmanager
def bookmark(paragraph: Paragraph, anchor: str, number: int) -> Iterator[None]:
    """Make what is written meanwhile a place that links lead to; `number` unique in the file."""
    paragraph._p.append(_element("w:bookmarkStart", {"w:id": str(number), "w:name": bookmark_name(anchor)}))
    yield
    paragraph._p.append(_element("w:bookmarkEnd", {"w:id": str(number)}))


def bookmark_name(anchor: str) -> str:
    """Word's bookmarks are letters, digits and underscores, 40 at most."""
    return anchor.replace("-", "_")[:40]


def add_field(paragraph: Paragraph, code: str) -> None:
    """A computed field: PAGE, NUMPAGES."""
    for kind in ("begin", code, "separate", "end"):
        run = paragraph.add_run()
        if kind == code:
            text = _element("w:instrText", {"xml:space": "preserve"})
            text.text = f" {code} "
            run._r.append(text)
        else:
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))
            if kind == "separate":
                paragraph.add_run("1")


def add_border(paragraph: Paragraph, *sides: str, color: str = "444444") -> None:
    """Thin lines on sides of a paragraph, in this order: top, left, bottom, right."""
    borders = _element("w:pBdr")
    for side in sides:
        borders.append(_element(f"w:{side}", {"w:val": "single", "w:sz": "8", "w:space": "4", "w:color": color}))
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def shade(properties: Any, fill: str) -> None:
    """Give a paragraph's (`pPr`) or a cell's (`tcPr`) properties a background, RRGGBB."""
    shading = _element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": fill})
    properties.insert_element_before(shading, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:noWrap", "w:vAlign")


def set_right_to_left(paragraph: Paragraph) -> None:
    """Set a paragraph and its runs from right to left, as Arabic and Hebrew want it."""
    paragraph._p.get_or_add_pPr().insert_element_before(
        _element("w:bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    for run in paragraph.runs:
        run.font.rtl = True


def add_picture(paragraph: Paragraph, png: bytes, alt: str) -> None:
    """A picture as high as two lines of text, no wider than a column, with a text in its place for who cannot see it."""
    from docx.shared import Inches

    picture = paragraph.add_run().add_picture(io.BytesIO(png), height=Inches(_PICTURE_INCHES))
    if picture.width > Inches(_WIDEST_INCHES):
        picture.height = Inches(_PICTURE_INCHES * Inches(_WIDEST_INCHES) / picture.width)
        picture.width = Inches(_WIDEST_INCHES)
    picture._inline.docPr.set("descr", alt)


def repeat_as_header(row: Any) -> None:
    """Print a table's row again on every page."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))


def keep_whole(row: Any) -> None:
    """Do not break a table's row over two pages."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))


def use_one_font(document: Document, name: str) -> None:
    """Replace the theme's fonts, which depend on the computer, in all styles."""
    from docx.oxml.ns import qn

    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), name)


def use_font(style: Any, name: str) -> None:
    """Give one style a font of its own, for all scripts."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)


def set_columns(section: Any, number: int, gap_inches: float) -> None:
    """Let a section's text run in columns of equal width."""
    from docx.oxml.ns import qn

    found = section._sectPr.find(qn("w:cols"))
    columns = found if found is not None else _element("w:cols")
    if found is None:
        section._sectPr.append(columns)
    columns.attrib.clear()
    for name, value in (("num", number), ("space", round(gap_inches * 1440)), ("equalWidth", 1)):
        columns.set(qn(f"w:{name}"), str(value))


def name_table(table: Table, name: str) -> None:
    """What a screen reader calls a table."""
    table._tbl.tblPr.append(_element("w:tblCaption", {"w:val": name}))


def drop_from_styles(document: Document, *paths: str) -> None:
    """Remove elements from all of the template's styles: lines under titles, spaced-out letters, lists without air."""
    from docx.oxml.ns import nsmap

    for path in paths:
        for element in document.styles.element.findall(f".//{path}", nsmap):
            element.getparent().remove(element)


def soften_borders(table: Table) -> None:
    """Thin grey lines between the rows alone."""
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        kind = "nil" if side in {"left", "right", "insideV"} else "single"
        borders.append(_element(f"w:{side}", {"w:val": kind, "w:sz": "4", "w:space": "0", "w:color": "B5BEC7"}))
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def drop_leftovers(document: Document) -> None:
    """Remove what the library's template brings along: a preview picture and another program's name."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    rels = document.part.package.rels
    unwanted = {RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES}
    for key in [key for key, rel in rels.items() if rel.reltype in unwanted]:
        del rels[key]


def save_reproducibly(document: Document, moment: datetime) -> bytes:
    """The .docx; equal documents give equal bytes: names in a fixed order, all dated `moment`."""
    stream = io.BytesIO()
    document.save(stream)
    date = max(moment.astimezone(UTC).timetuple()[:6], (1980, 1, 1, 0, 0, 0))  # where a ZIP's calendar begins
    packed = io.BytesIO()
    with zipfile.ZipFile(stream) as saved, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(saved.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(entry, saved.read(name))
    return packed.getvalue()


def _element(tag: str, attributes: dict[str, str] | None = None) -> Any:
    from docx.oxml.ns import nsmap, qn
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        prefix = name.partition(":")[0]
        element.set(qn(name) if prefix in nsmap else f"{{http://www.w3.org/XML/1998/namespace}}{name[4:]}", value)
    return element


def _parsed(template: str, **values: object) -> Any:
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    return parse_xml(template.format(ns=nsdecls("w"), **values))
