"""A PNG says what it is of wherever it was copied to, in every script, and stays a PNG."""

from __future__ import annotations

import io

from PIL import Image

from sojourn.present.charts import trend
from sojourn.present.charts.png import texts_of, with_texts

from .conftest import frame, row


def test_texts_are_read_back_and_the_picture_is_the_same():
    plain = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(plain, "PNG")
    told = {"Title": "Coût", "Source": "世界银行", "Licence": ""}
    made = with_texts(plain.getvalue(), told)
    assert texts_of(made) == {"Title": "Coût", "Source": "世界银行"}
    with Image.open(io.BytesIO(made)) as opened:
        opened.load()
        assert opened.text == {"Title": "Coût", "Source": "世界银行"}, "as another program reads them"
        assert opened.getpixel((0, 0)) == (255, 0, 0)
    assert texts_of(plain.getvalue()) == {}


def test_a_chart_carries_what_it_is_about(about):
    chart = trend(frame(row(5.0, period="2015"), row(6.0, period="2016")), about)
    told = texts_of(chart.png(scale=1))
    assert told["Title"].startswith(about.title)
    assert told["Source"] == about.source
    assert told["Description"] == chart.alt
    assert chart.spec["usermeta"]["about"].items() <= told.items()
