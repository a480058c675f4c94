"""Files that want to be let in: good ones are, and everything that could act is not, with the reason."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sojourn.errors import IntegrityError, NotFoundError
from sojourn.web.registry import attachments
from sojourn.web.registry.attachments import RefusedFileError, accept, headers, intact, read, store
from sojourn.web.registry.attachments.kept import MEDIA, clean_name

TYPES = "<Types><Override ContentType='application/vnd.openxmlformats-officedocument.main+xml'/></Types>"


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


def docx(**more):
    named = {name.replace("__", "/").replace("_dot_", "."): text for name, text in more.items()}
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": "<w:document/>", **named})


def parts(extra):
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": "<w:document/>", **extra})


def pdf(body=b"", stream=None, dictionary=b""):
    text = b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R " + body + b" >> endobj\n"
    if stream is not None:
        packed = zlib.compress(stream)
        text += (
            b"3 0 obj << "
            + dictionary
            + b" /Length %d >>\nstream\n" % len(packed)
            + packed
            + b"\nendstream endobj\n"
        )
    return text + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def picture(form="PNG", size=(8, 6), **more):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **more)
    return out.getvalue()


GOOD = {
    "plan.pdf": pdf(),
    "report.docx": docx(word__styles_dot_xml="<w:styles/>"),
    "table.xlsx": archive({"[Content_Types].xml": TYPES, "xl/workbook.xml": "<workbook/>"}),
    "talk.pptx": archive({"[Content_Types].xml": TYPES, "ppt/presentation.xml": "<p/>"}),
    "note.odt": archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office/>"}),
    "photo.png": picture(),
    "photo.jpg": picture("JPEG"),
    "photo.webp": picture("WEBP"),
    "rows.csv": "страна;значение\nNOR;1\n".encode(),
    "note.txt": "a < b, and b > c\n".encode("utf-8-sig"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_people_attach_is_let_in(name):
    kept = accept(name, GOOD[name])
    assert kept.name == name
    assert kept.media_type in MEDIA.values()
    assert len(kept.stored) == 64


HOSTILE = {
    # What its name says it is not.
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "program.docx": b"MZ" + b"\0" * 100,
    "page.csv": b"a,b\n<script>alert(1)</script>,2\n",
    "page.txt": b"<!DOCTYPE html><p>hello",
    "drawing.txt": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "binary.csv": b"a,b\x00c\n",
    "utf16.txt": "<script>".encode("utf-16"),
    # Kinds that are never taken.
    "drawing.svg": b"<svg/>",
    "page.html": b"<p>",
    "program.exe": b"MZ",
    "macro.docm": docx(),
    "many.zip": archive({"a.txt": "a"}),
    "no_ending": b"a",
    ".pdf": pdf(),
    "report.pdf.exe": pdf(),
    # Documents that act.
    "macro.docx": parts({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macro_type.docx": archive(
        {
            "[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml",
            "word/document.xml": "<a/>",
        }
    ),
    "object.docx": parts({"word/embeddings/sheet.xlsx": b"PK\x03\x04"}),
    "hidden_object.docx": parts({"word/media/image1.png": b"PK\x03\x04" + b"\0" * 40}),
    "hidden_program.docx": parts({"word/media/image1.png": b"MZ" + b"\0" * 40}),
    "active_x.docx": parts({"word/activeX/activeX1.xml": "<a/>"}),
    "template.docx": parts(
        {
            "word/_rels/settings.xml.rels": '<Relationship Id="r" Type="http://x/attachedTemplate" '
            'Target="http://bad.example/t.dotm" TargetMode="External"/>'
        }
    ),
    "entity.docx": parts(
        {"word/extra.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}
    ),
    "entity16.docx": parts({"word/extra.xml": "<!DOCTYPE a><a/>".encode("utf-16")}),
    "dde.docx": parts(
        {"word/footer.xml": '<w:instrText>DDEAUTO c:\\windows\\cmd.exe "/k calc"</w:instrText>'}
    ),
    "basic.odt": archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": "<a/>",
            "Basic/Standard/Module1.xml": "<a/>",
        }
    ),
    "event.odt": archive(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<script:event-listener/>"}
    ),
    "wrong.odt": archive(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
    ),
    "other.xlsx": docx(),
    "escape.docx": parts({"../../etc/cron": "x"}),
    # PDF that acts, openly, in disguise and packed away.
    "script.pdf": pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "disguised.pdf": pdf(b"/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>"),
    "packed.pdf": pdf(
        stream=b"4 0 << /S /JavaScript >>", dictionary=b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    ),
    "unreadable.pdf": pdf(stream=b"abc", dictionary=b"/Type /ObjStm /N 1 /First 4 /Filter /LZWDecode"),
    "twice.pdf": pdf(
        stream=zlib.compress(b"/JavaScript"),
        dictionary=b"/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]",
    ),
    "predicted.pdf": pdf(
        stream=b"abc",
        dictionary=b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /DecodeParms << /Predictor 12 >>",
    ),
    "open_part.pdf": pdf().replace(
        b"trailer", b"3 0 obj << /Type /ObjStm >> stream\n/JS endstream endobj trailer"
    ),
    "launch.pdf": pdf(b"/AA << /O << /S /Launch /F (cmd.exe) >> >>"),
    "carrier.pdf": pdf(b"/Names << /EmbeddedFiles 5 0 R >>"),
    "locked.pdf": pdf(b"/Encrypt 6 0 R"),
    "front.pdf": b"GIF89a" + pdf(),
    "cut.pdf": pdf()[:40],
    # Pictures that are something else.
    "page.gif": b"GIF89a/*<script>alert(1)</script>*/=1;",
    "page.png": b"<html>",
    "other.jpg": picture("PNG"),
    "cut.png": picture()[:40],
    "empty.png": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_could_act_or_deceive_is_refused_with_a_reason(name):
    with pytest.raises(RefusedFileError) as told:
        accept(name, HOSTILE[name])
    assert told.value.what


def test_a_bomb_is_refused_before_it_fills_the_memory():
    bomb = parts({"word/media/zeros.xml": b"\0" * 40_000_000})
    assert len(bomb) < 60_000
    with pytest.raises(RefusedFileError, match="too much"):
        accept("bomb.docx", bomb)


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = bytearray(parts({"word/media/zeros.xml": b" " * 40_000_000}))
    size = (40_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 2
    lying = bytes(bomb).replace(size, (10).to_bytes(4, "little"))
    with pytest.raises(RefusedFileError):
        accept("bomb.docx", lying)


def test_a_pdf_that_unpacks_to_too_much_is_refused(monkeypatch):
    from sojourn.web.registry.attachments import pdf as checks

    monkeypatch.setattr(checks, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(RefusedFileError, match="too much"):
        accept("bomb.pdf", pdf(stream=b"\0" * 2_000_000, dictionary=b"/Filter /FlateDecode"))


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch):
    from sojourn.web.registry.attachments import images

    monkeypatch.setattr(images, "MOST_PIXELS", 100)
    with pytest.raises(RefusedFileError, match="pixels"):
        accept("large.png", picture(size=(20, 20)))


def test_too_large_a_file_is_refused(monkeypatch):
    from sojourn.web.registry.attachments import kept

    monkeypatch.setattr(kept, "LARGEST", 10)
    with pytest.raises(RefusedFileError, match="too large"):
        accept("note.txt", b"a" * 11)


def test_a_locked_archive_is_refused():
    content = bytearray(docx())
    # The flag of encryption, in the local header and in the directory of the first part.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(RefusedFileError, match="locked"):
        accept("locked.docx", bytes(content))


def test_where_and_by_whom_a_picture_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Somebody"
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 0.0)
    exif[0x0112] = 6
    sent = picture("JPEG", size=(40, 20), exif=exif, comment=b"secret comment")
    assert b"Camera of Somebody" in sent
    kept = accept("photo.jpg", sent)
    assert b"Camera" not in kept.content
    assert b"secret" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as opened:
        assert not opened.getexif()
        # It was stored on its side, and is upright now.
        assert opened.size == (20, 40)


def test_what_hangs_behind_a_picture_is_gone():
    sent = picture() + b"<script>alert(1)</script>" + archive({"a": "b"})
    assert b"script" not in accept("photo.png", sent).content


def test_a_gif_becomes_a_png_of_its_first_picture():
    kept = accept("move.gif", picture("GIF") + b"/*<script>*/")
    assert (kept.name, kept.media_type) == ("move.png", "image/png")
    assert kept.content.startswith(b"\x89PNG")
    assert b"script" not in kept.content


def test_a_transparent_picture_stays_so():
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(accept("a.png", out.getvalue()).content)) as opened:
        assert opened.getpixel((0, 0)) == (1, 2, 3, 0)


def test_a_link_in_a_document_is_no_foreign_part():
    link = '<Relationship Id="r" Type="http://x/relationships/hyperlink" Target="https://un.org" TargetMode="External"/>'
    accept("report.docx", parts({"word/_rels/document.xml.rels": link}))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\docs\\plan.pdf", "plan.pdf"),
        ("re\u202efdp.exe", "refdp.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("план действий.pdf", "план действий.pdf"),
        ("x" * 400 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_names_are_shown_without_what_deceives(name, shown):
    assert clean_name(name) == shown


@given(st.text(max_size=60))
def test_no_name_breaks_a_header(name):
    given_headers = headers(name, "application/pdf")
    for value in given_headers.values():
        assert value.isascii()
        assert not set(value) & set("\r\n\0")
    assert given_headers["Content-Disposition"].count('"') == 2


def test_a_file_is_handed_out_so_that_nothing_in_it_runs():
    given_headers = headers("page.html", "text/html")
    assert given_headers["Content-Type"] == "application/octet-stream"
    assert given_headers["Content-Disposition"].startswith("attachment;")
    assert given_headers["X-Content-Type-Options"] == "nosniff"
    assert given_headers["Content-Security-Policy"].startswith("sandbox;")


def test_a_stored_file_is_read_again_and_a_changed_one_is_found(tmp_path):
    kept = accept("rows.csv", GOOD["rows.csv"])
    place = store(tmp_path / "files", kept)
    assert place.name == kept.stored
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert read(tmp_path / "files", kept.stored, kept.sha256) == GOOD["rows.csv"]
    assert intact(tmp_path / "files", kept.stored, kept.sha256)
    place.write_bytes(b"changed")
    assert not intact(tmp_path / "files", kept.stored, kept.sha256)
    with pytest.raises(IntegrityError):
        read(tmp_path / "files", kept.stored, kept.sha256)


@pytest.mark.parametrize("stored", ["../secret", "", "a" * 63, "A" * 64, "a" * 64, "/etc/passwd"])
def test_only_names_that_were_given_out_are_read(tmp_path, stored):
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (tmp_path / "files").mkdir()
    with pytest.raises(NotFoundError):
        read(tmp_path / "files", stored, "")


def test_the_same_file_twice_has_two_names():
    assert accept("a.txt", b"a").stored != accept("a.txt", b"a").stored
    assert attachments.LARGEST == 25 * 1024 * 1024


@given(st.binary(max_size=300), st.sampled_from(sorted(MEDIA)))
def test_no_bytes_make_it_stumble(content, kind):
    try:
        accept(f"a.{kind}", content)
    except RefusedFileError:
        return
    assert kind in {"csv", "txt"}
