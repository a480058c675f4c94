"""People write in the registry by a real browser: from the first word to publication, by keyboard, without JavaScript,
two at once, in English and in Arabic."""

from __future__ import annotations

import re

import pytest

WIDE, NARROW = 1280, 390


@pytest.fixture
def enter(browser, registry):
    """Gives the page of a browser of its own in which a person is signed in."""
    opened = []

    def entered(person="", *, width=WIDE, theme="light", scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        opened.append(context)
        if person:
            key = registry.sessions[person]
            context.add_cookies([{"name": "sessionid", "value": key, "url": registry.address}])
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda one: one.type == "error" and page.faults.append(one.text))
        return page

    yield entered
    for context in opened:
        context.close()


@pytest.fixture
def at(registry):
    """Gives the address of a page of the registry."""
    return lambda path="", tongue="en": f"{registry.address}/{tongue}/registry{path}"


def press(page, label) -> None:
    page.get_by_role("button", name=label, exact=True).last.click()


def step(page, at, name, label, **given) -> None:
    """Go from the record to a step, give what it asks, and take it."""
    page.goto(at(f"/desk/{name}"))
    page.get_by_role("link", name=label, exact=True).click()
    for field, value in given.items():
        page.fill(f"#f-{field}", value)
    press(page, label)


def draft(page, at, title, **given) -> str:
    page.goto(at("/desk/new/commitment"))
    page.fill("#f-title", title)
    for field, value in given.items():
        page.fill(f"#f-{field}", value)
    press(page, "Save")
    return page.url.rpartition("/")[2]


def review(page, at, name) -> None:
    page.goto(at(f"/desk/{name}/review"))
    page.get_by_label("I have no conflict of interest in this text.").check()
    page.get_by_label("Publish", exact=True).check()
    press(page, "Review")
    assert "Your review was taken." in page.inner_text("main")


@pytest.mark.slow
def test_a_text_goes_the_whole_way_and_everybody_reads_it(enter, at, registry):
    writer = enter()
    writer.goto(at("/desk"))
    writer.fill("#id_login", registry.password[0])
    writer.fill("#id_password", registry.password[1])
    press(writer, "Sign in")
    writer.wait_for_url(at("/desk"))
    name = draft(writer, at, "Halve what nurses pay to be recruited", due="2030-06")
    step(writer, at, name, "Submit")
    assert "The text was submitted." in writer.inner_text("main")

    validator = enter("validator")
    validator.goto(at("/desk"))
    assert "Waiting for you to endorse or return" in validator.inner_text("main")
    step(validator, at, name, "Return with a reason", reason="Say for whom.")
    writer.goto(at("/desk"))
    assert "Say for whom." in writer.inner_text("main")
    writer.goto(at(f"/desk/{name}/edit"))
    writer.fill("#f-beneficiaries", "Nurses from everywhere")
    press(writer, "Save")
    step(writer, at, name, "Submit")
    step(validator, at, name, "Endorse")

    for reviewer, tongue in (("first reviewer", "en"), ("second reviewer", "ar")):
        page = enter(reviewer)
        page.goto(at(f"/desk/{name}/review", tongue))
        page.evaluate(_axe())
        assert _violations(page) == []
        review(page, at, name)
    outsider = enter()
    assert outsider.goto(at(f"/records/{name}")).status == 404
    step(enter("moderator"), at, name, "Publish")
    assert outsider.goto(at(f"/records/{name}")).status == 200
    assert "Halve what nurses pay to be recruited" in outsider.inner_text("h1")
    outsider.goto(at("/search?q=nurses+recruited"))
    assert name in outsider.content()
    assert writer.faults == []


@pytest.mark.slow
def test_two_browsers_meet_and_neither_loses_a_word(enter, at):
    mine, theirs = enter("focal point", scripts=False), enter("alternate", scripts=False)
    name = draft(mine, at, "Recognize diplomas", summary="Of nurses.")
    for page in (mine, theirs):
        page.goto(at(f"/desk/{name}/edit"))
    theirs.fill("#f-summary", "Of nurses and teachers.")
    press(theirs, "Save")
    mine.fill("#f-summary", "Of nurses in cities.")
    mine.fill("#f-title", "Recognize all diplomas")
    press(mine, "Save")
    told = mine.inner_text("main")
    assert "Of nurses and teachers." in told
    assert "Of nurses in cities." in told
    versus = mine.locator("fieldset.versus.both")
    assert versus.count() == 1
    versus.get_by_label("Theirs").check()
    press(mine, "Save what is chosen")
    assert mine.input_value("#f-summary") == "Of nurses and teachers."
    assert mine.input_value("#f-title") == "Recognize all diplomas"


@pytest.mark.slow
def test_a_draft_saves_itself_and_says_when(enter, at):
    page = enter("focal point")
    page.goto(at("/desk/new/commitment"))
    page.fill("#f-title", "Saved by itself")
    page.wait_for_function(
        "() => /^Saved \\d/.test(document.getElementById('saved').textContent)", timeout=20_000
    )
    assert re.search(r"/desk/C-\d{4}-\d{4}/edit$", page.url)
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok, timeout=20_000):
        page.fill("#f-summary", "And changed after that.")
    page.reload()
    assert page.input_value("#f-title") == "Saved by itself"
    assert page.input_value("#f-summary") == "And changed after that."
    press(page, "Save")
    assert "Saved at" in page.inner_text("main")
    assert page.faults == []


@pytest.mark.slow
def test_a_draft_that_saves_itself_stops_where_somebody_else_saved(enter, at):
    page, other = enter("focal point"), enter("alternate", scripts=False)
    name = draft(page, at, "Watched")
    page.goto(at(f"/desk/{name}/edit"))
    other.goto(at(f"/desk/{name}/edit"))
    other.fill("#f-title", "Changed by the alternate")
    press(other, "Save")
    page.fill("#f-summary", "Mine")
    page.wait_for_function(
        "() => /compare/.test(document.getElementById('saved').textContent)", timeout=20_000
    )
    press(page, "Save")
    assert "Changed by the alternate" in page.inner_text("main")


@pytest.mark.slow
def test_a_form_is_filled_and_sent_by_keyboard_alone(enter, at):
    page = enter("focal point")
    page.goto(at("/desk/new/commitment"))
    page.focus("#f-title")
    page.keyboard.press("Enter")
    page.wait_for_selector("#faults")
    # What is wrong is read first, and its link leads to the field.
    assert page.evaluate("document.activeElement.id") == "faults"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab") if page.evaluate("document.activeElement.id") != "f-title" else None
    assert page.evaluate("document.activeElement.id") == "f-title"
    page.keyboard.type("Typed by keyboard")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/C-\d{4}-\d{4}$"))
    assert "Typed by keyboard" in page.inner_text("h1")


@pytest.mark.slow
def test_everything_works_without_javascript(enter, at):
    page = enter("focal point", scripts=False)
    name = draft(page, at, "Without any script")
    page.goto(at(f"/desk/{name}/edit"))
    page.get_by_role("button", name="Add rows").first.click()
    assert page.locator("[name^='actors-'][name$='-actor']").count() == 2
    page.fill("#f-actors-0-actor", "Sweden")
    press(page, "Save")
    page.set_input_files("#f-file", {"name": "note.txt", "mimeType": "text/plain", "buffer": b"A note.\n"})
    press(page, "Add the file")
    assert "note.txt" in page.inner_text("main")
    step(page, at, name, "Submit")
    assert "The text was submitted." in page.inner_text("main")


LOOKED_AT = {
    "desk": ("focal point", "/desk"),
    "what is new": ("steward", "/desk/new"),
    "a commitment": ("focal point", "/desk/new/commitment"),
    "a target": ("focal point", "/desk/new/target"),
    "a practice": ("focal point", "/desk/new/practice"),
    "an assessment": ("focal point", "/desk/new/assessment"),
    "in work": ("focal point", "/desk/{name}"),
    "changed": ("focal point", "/desk/{name}/edit"),
    "submitting": ("focal point", "/desk/{name}/submit"),
    "annotating": ("steward", "/desk/C-2015-0001/annotate"),
    "its history": ("validator", "/records/{name}/history"),
    "history for all": ("outsider", "/records/C-2015-0001/history"),
    "a plain record": ("outsider", "/records/P-2013-0001"),
}


@pytest.fixture(scope="session")
def kept():
    """What tests of this file keep for one another."""
    return {}


@pytest.mark.slow
@pytest.mark.parametrize("shown", LOOKED_AT)
@pytest.mark.parametrize("tongue", ["en", "ar"])
def test_pages_for_writing_are_accessible(enter, at, kept, shown, tongue):
    if "name" not in kept:
        kept["name"] = draft(enter("focal point"), at, "Looked at", summary="In two languages.")
    person, path = LOOKED_AT[shown]
    page = enter(person)
    answer = page.goto(at(path.format(name=kept["name"]), tongue))
    assert answer.status == 200
    page.evaluate(_axe())
    faults = []
    for width, theme in ((WIDE, "light"), (NARROW, "dark"), (WIDE, "dark"), (NARROW, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        faults += [f"{width} {theme}: {one}" for one in _violations(page)]
        needed = page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{needed} pixels do not fit into {width}"] if needed > width else []
    assert faults + page.faults == []


@pytest.mark.slow
def test_what_is_wrong_and_two_texts_are_shown_accessibly(enter, at):
    page, other = enter("focal point"), enter("alternate")
    name = draft(page, at, "Met", summary="One.")
    for one in (page, other):
        one.goto(at(f"/desk/{name}/edit"))
    other.fill("#f-summary", "Two.")
    press(other, "Save")
    page.fill("#f-summary", "Three.")
    press(page, "Save")
    page.evaluate(_axe())
    assert _violations(page) == []
    other.goto(at("/desk/new/commitment"))
    press(other, "Save")
    other.evaluate(_axe())
    assert _violations(other) == []


def _axe() -> str:
    from axe_playwright_python.base import AXE_SCRIPT

    return str(AXE_SCRIPT)


def _violations(page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", tags
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
