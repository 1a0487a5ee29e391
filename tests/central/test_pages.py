"""The pages behind the QR codes of papers, as a browser meets them: over HTTPS, in four languages."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
import structlog

from central import publishing, status
from central.database import Database
from central.page_words import words
from kiosk.catalog.model import Language
from kiosk.issuing import dates, tracking
from tests.central.test_lookups import commit, document
from tests.central.world import YAML, make_state, rows, running

PIN = "482731"
DEMO = YAML.replace("id: ouvidoria\n", "id: ouvidoria\n  response_days: 30\n")


@pytest.fixture
def world(tmp_path, anchors):
    """A centre of this test's own: tries are counted, and every test comes from the same address."""
    state = make_state(tmp_path / "central", anchors)
    with running(state) as world:
        publishing.publish(state, DEMO, world.now())
        yield world


class Page(HTMLParser):
    """What a browser makes of a page: elements in order, and whether they are closed."""

    VOID = frozenset({"meta", "input"})

    def __init__(self, response):
        super().__init__()
        self.elements, self.open = [], []
        self.words = ""
        self.feed(response.text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def get(world, path="/p", **headers):
    return world.http.get(world.url + path, headers=headers)


def ask(world, code, pin=PIN, lang="en", **headers):
    return world.http.post(f"{world.url}/p?lang={lang}", data={"code": code, "pin": pin}, headers=headers)


def arrived(kiosk, service="ouvidoria", **more):
    """The code of a ticket that the centre holds."""
    event = kiosk.ticket(service, **more)
    assert kiosk.send(event) == ["created"]
    return event.code


def test_code_and_pin_show_service_state_and_dates(world, kiosk):
    code = arrived(kiosk)
    shown = ask(world, code.lower().replace("-", " "))
    page = Page(shown)
    today = world.centre.local_now()
    assert shown.status_code == 200
    for text in ("ouvidoria", "Received", "Reached the centre", dates.day(today.date(), Language.EN), "Answer by",
                 dates.day(today.date() + timedelta(days=30), Language.EN)):  # fmt: skip
        assert text in page.words


def test_nobodys_name_number_nor_words_are_on_the_page(world, kiosk):
    code = arrived(
        kiosk, "poda", name="Maria das Dores", national_id="52998224725", claimed=True, answers={"motivo": "os fios"}
    )
    shown = ask(world, code).text
    assert "Received" in shown
    for secret in ("Maria", "529", "982", "fios", PIN):
        assert secret not in shown


def test_without_a_trusted_clock_no_date_of_the_kiosk_is_shown(world, kiosk):
    code = arrived(kiosk, clock_trusted=False, created="2016-01-01T00:00:00+00:00")
    words_ = Page(ask(world, code)).words
    assert "2016" not in words_
    assert "Answer within" in words_
    assert "30 days" in words_


def test_a_wrong_pin_and_an_unknown_code_get_the_same_answer(world, kiosk):
    wrong = ask(world, arrived(kiosk), "000000")
    unknown = ask(world, tracking.code("0000", 1, 1), PIN)
    assert wrong.status_code == unknown.status_code == 404
    assert without_code(wrong) == without_code(unknown)
    assert "Not found" in wrong.text


def without_code(response):
    """The answer, but for the code that the visitor typed themselves."""
    return re.sub(r"/p/[0-9A-Z-]{14}", "/p/CODE", response.text)


def test_a_printed_code_is_on_its_way_until_its_ticket_arrives(world, kiosk):
    event = kiosk.ticket("ouvidoria")
    before = ask(world, event.code)
    assert before.status_code == 200
    assert "on its way" in before.text
    assert kiosk.send(event) == ["created"]
    assert "Received" in ask(world, event.code).text


def test_waiting_for_a_ticket_uses_up_none_of_its_tries(world, kiosk):
    event = kiosk.ticket("ouvidoria")
    for _ in range(status.TRIES_OF_A_CODE + 1):
        assert "on its way" in ask(world, event.code).text
    kiosk.send(event)
    assert "Received" in ask(world, event.code).text


@pytest.mark.parametrize(
    ("code", "pin", "field"),
    [
        ("7K2M-0000-4QXB", PIN, "code"),
        ("7K2M", PIN, "code"),
        ("", "", "code"),
        ("<script>alert(1)</script>", PIN, "code"),
        (tracking.document_code(bytes(10)), PIN, "code"),
        (tracking.code("7K2M", 0, 0), "48273", "pin"),
        (tracking.code("7K2M", 0, 0), "senha!", "pin"),
        (tracking.code("7K2M", 0, 0), "٤٨٢٧٣١", "pin"),
    ],
)
def test_a_typing_mistake_is_told_as_one_and_costs_no_try(world, code, pin, field):
    shown = ask(world, code, pin)
    page = Page(shown)
    assert shown.status_code == 422
    wrong = [element["name"] for element in page.all("input") if "aria-invalid" in element]
    assert wrong == [field]
    assert [element for _, element in page.elements if element.get("role") == "alert"]
    assert "<script>" not in shown.text
    assert rows(world, "SELECT * FROM status_tries") == []


@pytest.mark.parametrize("exists", [True, False])
def test_after_five_failures_a_code_is_opened_by_card_or_phone_only_even_with_its_pin(world, kiosk, exists):
    code = arrived(kiosk) if exists else tracking.code("0000", 1, 1)
    for _ in range(status.TRIES_OF_A_CODE):
        assert "Not found" in ask(world, code, "000000").text
    world.ahead = timedelta(days=400)
    shown = ask(world, code)
    assert shown.status_code == 429
    assert "By card or phone" in shown.text
    assert "156" in shown.text
    assert "Received" not in shown.text


def test_the_right_pin_gives_the_tries_back(world, kiosk):
    code = arrived(kiosk)
    for _ in range(3):
        for _ in range(status.TRIES_OF_A_CODE - 1):
            ask(world, code, "000000")
        assert "Received" in ask(world, code).text


def test_tries_of_one_code_are_not_tries_of_another(world, kiosk):
    first, second = arrived(kiosk), arrived(kiosk)
    for _ in range(status.TRIES_OF_A_CODE + 1):
        ask(world, first, "000000")
    assert "Received" in ask(world, second).text


def test_tries_are_counted_through_a_restart(tmp_path, anchors):
    state = make_state(tmp_path / "central", anchors)
    with running(state) as world:
        publishing.publish(state, DEMO, world.now())
        code = arrived(world.enrol())
        for _ in range(status.TRIES_OF_A_CODE):
            ask(world, code, "000000")
    with running(state) as world:
        assert "By card or phone" in ask(world, code).text


def use_up(world):
    """All the tries of this source, code after code."""
    for number in range(status.TRIES_OF_A_SOURCE):
        ask(world, tracking.code("0000", number, 0))


def test_who_tries_code_after_code_is_stopped_for_an_hour(world, kiosk):
    code = arrived(kiosk)
    use_up(world)
    stopped = ask(world, code)
    assert stopped.status_code == 429
    assert "Too many tries" in stopped.text
    world.ahead = status.SOURCE_WINDOW + timedelta(minutes=1)
    assert "Received" in ask(world, code).text
    # the address is forgotten with its hour
    assert not [row for row in rows(world, "SELECT * FROM status_tries") if row["until"] and row["tries"] > 0]


def test_an_address_is_kept_as_a_hash_only(world):
    ask(world, tracking.code("0000", 1, 0))
    assert "127.0.0.1" not in str(rows(world, "SELECT * FROM status_tries"))


def test_seeing_ones_own_request_often_is_no_offence(world, kiosk):
    code = arrived(kiosk)
    for _ in range(status.TRIES_OF_A_SOURCE + 2):
        assert ask(world, code).status_code == 200


def test_nobody_but_our_own_proxy_is_believed_about_addresses(world, kiosk):
    code = arrived(kiosk)
    use_up(world)
    assert ask(world, code, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 429


def test_behind_our_own_proxy_visitors_are_told_apart(tmp_path, anchors):
    state = make_state(tmp_path / "central", anchors, proxies=("127.0.0.1",))
    with running(state) as world:
        publishing.publish(state, DEMO, world.now())
        code = arrived(world.enrol())
        for number in range(status.TRIES_OF_A_SOURCE):
            ask(world, tracking.code("0000", number, 0), **{"X-Forwarded-For": "spoofed, 203.0.113.9"})
        assert ask(world, code, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 429
        assert ask(world, code, **{"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}).status_code == 200
        for last in ("1", "2"):
            response = ask(world, code, **{"X-Forwarded-For": f"2001:db8::{last}"})
            assert response.status_code == 200
        sources = [row for row in rows(world, "SELECT * FROM status_tries") if row["until"]]
        # two addresses of one household are one source
        assert len(sources) == 3


def test_the_code_of_the_papers_qr_is_filled_in_and_the_form_leads_back(world, kiosk):
    code = arrived(kiosk)
    page = Page(get(world, f"/p/{code.replace('-', '')}"))
    (form,) = page.all("form")
    fields = {field["name"]: field["value"] for field in page.all("input")}
    assert fields == {"code": code, "pin": ""}
    answer = world.http.post(urljoin(world.url, form["action"]), data=fields | {"pin": PIN})
    assert "Recebido" in answer.text


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/p", "", "pt-BR"),
        ("/p", "es-AR,es;q=0.9,en;q=0.8", "es"),
        ("/p", "de, it;q=0.5, en;q=0.7", "en"),
        ("/p", "en;q=0, fr", "pt-BR"),
        ("/p", "pt-PT", "pt-BR"),
        ("/p", "it;q=x, ;;, =", "pt-BR"),
        ("/p?lang=it", "en", "it"),
        ("/p?lang=xx", "en", "en"),
        ("/v", "es", "es"),
        ("/v/0000-0000-0000-0000", "it", "it"),
    ],
)
def test_a_page_speaks_the_visitors_language(world, path, accepted, language):
    page = Page(get(world, path, **{"Accept-Language": accepted}))
    assert page.all("html") == [{"lang": language}]
    here = [link["hreflang"] for link in page.all("a") if link.get("aria-current")]
    assert here == [language]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("path", ["/p", "/p/", "/p/7K2M", "/v", "/v/", "/v/7K2M", "/v?code=7K2M"])
def test_every_page_can_be_read_by_whoever_cannot_see_it(world, language, path):
    mark = "&" if "?" in path else "?"
    page = Page(get(world, f"{path}{mark}lang={language}"))
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    labelled = {label["for"] for label in page.all("label")}
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    for field in page.all("input"):
        if field.get("type") != "hidden":
            assert field["id"] in labelled
            assert set(field["aria-describedby"].split()) <= ids
    assert {link.get("lang") for link in page.all("a") if "hreflang" in link} == set(Language)
    assert "{" not in page.words


@pytest.mark.parametrize("language", list(Language))
def test_every_answer_names_the_telephone_in_every_language(language):
    say = words(language)
    answers = (say.follow, say.refused, say.used_up, say.too_many, say.on_its_way)
    for text in (*(said.text for said in answers), say.found):
        assert text.count("{phone}") == 1


def test_nothing_is_loaded_framed_kept_or_told_to_others(world, kiosk):
    for response in (get(world, "/p"), ask(world, arrived(kiosk)), get(world, "/v")):
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        page = Page(response)
        assert not page.all("script") + page.all("link") + page.all("img")


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"code=" + b"A" * 5000, b"&".join([b"a=b"] * 50), b"", b'{"code": "x"}'], ids=range(5)
)
def test_what_is_no_form_is_a_typing_mistake(world, body):
    assert world.http.post(f"{world.url}/p", data=body).status_code == 422


def test_neither_code_nor_pin_nor_address_is_logged(world, kiosk):
    code = arrived(kiosk)
    with structlog.testing.capture_logs() as logged:
        ask(world, code, "123123")
        ask(world, code)
        use_up(world)
        ask(world, code)
    assert logged
    for secret in (code, code.replace("-", ""), PIN, "123123", "127.0.0.1"):
        assert secret not in str(logged)


def test_a_documents_code_can_be_typed_as_its_paper_says(world, kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    kiosk.send(commit(kiosk, citizen("joao"), answer.code))
    page = Page(get(world, "/v?lang=es"))
    (form,) = page.all("form")
    fields = {field["name"]: field["value"] for field in page.all("input")} | {"code": answer.code.lower()}
    shown = world.http.get(urljoin(world.url, form["action"]), params=fields)
    assert shown.status_code == 200
    assert "Documento válido" in shown.text
    assert "Lo emitió este organismo" in shown.text
    assert answer.number in shown.text


def test_before_the_first_catalogue_the_pages_say_that_they_are_not_ready(tmp_path, anchors):
    with running(make_state(tmp_path / "central", anchors)) as world:
        response = get(world)
        assert (response.status_code, response.json()["error"]) == (503, "no-catalogue")


def test_a_centre_of_an_older_version_is_brought_up_when_it_is_served(tmp_path, anchors):
    state = make_state(tmp_path / "central", anchors)
    state.database.unlink()
    older = Database(state.database_url)
    older.migrate("0001")
    older.close()
    with running(state) as world:
        publishing.publish(state, DEMO, world.now())
        assert ask(world, arrived(world.enrol())).status_code == 200
