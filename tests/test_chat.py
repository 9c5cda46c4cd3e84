"""What the chat makes of an answer: who says each passage, and how it was understood, in HTML that holds no document's own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from app.chat import answer_message, next_questions
from app.wording import also_heard, differing, who_said_it, why_told
from index.records import Span
from retrieval.question_records import Asked
from retrieval.records import Answer, Attribution, Citation, Difference

ARTICLE = (
    "The harbour stays closed\n\n"
    "Mayor Anna Berg told reporters that the harbour would stay closed until the pier is mended. “Nobody will risk a life for "
    "a herring,” she said. “We have bills to pay,” said Peter Holm, who chairs the fishermen's union.\n"
)


@pytest.fixture
def answer(indexed) -> Answer:
    return indexed({"harbour.txt": ARTICLE}).ask("harbour closed until the pier is mended")


def page(answer: Answer) -> LexborHTMLParser:
    message = answer_message(answer)
    assert "\n" not in message
    return LexborHTMLParser(message)


def heard(answer: Answer, who: Attribution, *others: Attribution) -> Answer:
    """The answer, its first passage said by these."""
    first = replace(answer.citations[0], who=who, attributions=(who, *others))
    return replace(answer, citations=(first, *answer.citations[1:]))


def said(answer: Answer, words: str, speaker: str | None, how="said", naming: str | None = None, **more) -> Attribution:
    """Words of the first passage as somebody's."""
    place = answer.citations[0].place
    mention = _found(answer.citations[0], naming) if naming else None
    spans = (_found(answer.citations[0], words),)
    assert place.span.holds(spans[0])
    return Attribution(spans, how, speaker, mention=mention, mention_text=naming, **more)


def _found(citation: Citation, words: str) -> Span:
    at = citation.place.span.start + (citation.text or "").index(words)
    return Span(at, at + len(words))


@pytest.mark.parametrize("how, speaker, role, told", [
    ("said", "Anna Berg", "the mayor", "said by Anna Berg"), ("reported", "Anna Berg", None, "reported of Anna Berg"),
    ("said", None, "a source", "speaker unknown: a source"), ("reported", None, None, "speaker unknown"),
    ("written", "The Gazette", None, "written by The Gazette"), ("written", None, None, "in the document’s own words"),
])  # fmt: skip
def test_who_says_it_is_told_in_plain_words(how, speaker, role, told):
    assert who_said_it(Attribution((), how, speaker, role)) == told


def test_the_words_that_name_the_speaker_are_told_on_one_line_and_why_they_do():
    assert why_told(Attribution((), "said", "Anna Berg", mention_text="the\n mayor", because="title")) == (
        "the mayor",
        "title",
    )
    assert why_told(Attribution((), "said", "Anna Berg")) is None


def test_who_else_is_heard_is_named_once_and_the_one_shown_is_not():
    berg, holm, source = (Attribution((), "said", n) for n in ("Anna Berg", "Peter Holm", None))
    assert also_heard(berg, [holm, berg, source, holm]) == [holm, source]
    assert also_heard(Attribution((), "written", "Anna Berg"), [berg]) == [berg]  # she wrote it, and quotes herself


def test_who_says_a_passage_stands_before_it_with_the_words_that_tell(answer):
    shown = page(heard(answer, said(answer, "“Nobody will risk", "Anna Berg", naming="she", because="pronoun")))
    passage = shown.css_first(".passage")
    assert passage.css_first(".who").text().split() == "Said by Anna Berg “she” – pronoun".split()
    assert passage.css_first(".who").next.tag == "blockquote"
    assert passage.css_first(".naming").text() == "she"
    assert not passage.css(".heard, .voice")  # one voice needs no telling apart


def test_where_several_speak_their_words_are_told_apart(answer):
    berg = said(answer, "“Nobody will risk a life for a herring,”", "Anna Berg", naming="she", because="pronoun")
    passage = page(heard(answer, berg, said(answer, "“We have bills to pay,”", "Peter Holm"))).css_first(".passage")
    assert passage.css_first(".heard").text() == "Also in it, underlined as the names are: said by Peter Holm"
    words = {v.attributes["title"]: (v.text(), v.attributes["class"]) for v in passage.css("blockquote .voice")}
    assert words["said by Peter Holm"][0] == "“We have bills to pay,”"
    assert words["said by Anna Berg"][0] == "“Nobody will risk a life for a herring,”"
    # The same line is under a name as under the words.
    assert passage.css_first(".heard .voice").attributes["class"] == words["said by Peter Holm"][1]
    assert words["said by Peter Holm"][1] != words["said by Anna Berg"][1]
    assert passage.css_first("blockquote").text() == answer.citations[0].text


def test_what_the_document_itself_says_is_told_from_what_is_said_in_it(answer):
    own = Attribution(answer.citations[0].highlights, "written", "The Gazette")
    first = replace(answer.citations[0], who=own, attributions=(said(answer, "“We have", "Peter Holm"),))
    passage = page(replace(answer, citations=(first,))).css_first(".passage")
    assert passage.css_first(".who").text().strip() == "Written by The Gazette"
    assert "Peter Holm" in passage.css_first(".heard").text() and not passage.css(".line-0")


def test_what_others_say_is_lettered_and_apart(answer):
    asked = replace(answer.question, speakers=(Asked("Anna", None, ("Anna Berg",), "name"),))
    weak = page(replace(answer, question=asked, verdict="weak", others=answer.citations))
    others = weak.css_first("details.others")
    assert "open" not in others.attributes
    assert others.css_first("h2").text() == "Not said by Anna Berg: what others say on this"
    assert [n.text() for n in others.css(".number")] == ["Passage a"]
    none = page(replace(answer, question=asked, verdict="none", citations=(), others=answer.citations))
    assert "open" in none.css_first("details.others").attributes
    assert [n.text() for n in none.css(".number")] == ["Passage a"]


def test_the_question_as_understood_is_shown_and_what_could_not_be_resolved(answer):
    question = replace(answer.question, notes=("“Clinton” may be Hillary Clinton or Bill Clinton.",))
    shown = page(replace(answer, question=question))
    assert shown.css_first(".understood").text().startswith("Understood: any speaker")
    assert shown.css_first(".notes").text() == question.notes[0]
    assert not shown.css(".read-as")


def test_what_is_offered_next_fits_the_answer(answer):
    def offered(*speakers: Asked, text: str = "what did Clinton say?", **more) -> list[str]:
        return next_questions(replace(answer, question=replace(answer.question, text=text, speakers=speakers), **more))

    clinton = Asked("Clinton", Span(9, 16), ("Hillary Clinton", "Bill Clinton"), "name")
    assert offered(clinton)[:2] == ["what did Hillary Clinton say?", "what did Bill Clinton say?"]
    unknown = Asked("Klinton", Span(9, 16), (), "unknown", nearest=("Hillary Clinton",))
    assert offered(unknown, citations=()) == ["what did Hillary Clinton say?"]
    berg = Asked("Berg", Span(9, 13), ("Anna Berg",), "name")
    assert offered(berg) == ["Who else said so?"]  # one document has nothing more recent
    assert offered(berg, citations=()) == []
    many = replace(answer.searched, documents=2)
    assert offered(searched=many, citations=answer.citations * 5) == ["Anything more recent?", "The next ones"]


COPY = ARTICLE.replace("told reporters", "told the Herald on the pier").replace("stays closed\n", "will be closed\n")


@pytest.fixture
def copied(indexed) -> Answer:
    """An answer from a report and an edited copy of it."""
    found = indexed({"a.txt": ARTICLE, "b.txt": COPY}).ask("harbour closed until the pier is mended")
    assert [len(c.nearly) for c in found.citations] == [1]
    return found


def test_nearly_the_same_is_a_line_that_tells_where_it_differs_and_opens_to_its_own_words(copied):
    citation, variant = copied.citations[0], copied.citations[0].nearly[0]
    details = page(copied).css_first("details.nearly")
    assert "open" not in details.attributes
    line = details.css_first("summary").text()
    assert line.startswith(f"Nearly the same: {variant.place.document.title}, paragraph 2 – ")
    assert differing(variant, citation)[0] in line
    assert details.css_first(".words").text() == variant.text != citation.text
    marked = [
        d.own.of(COPY if "b.txt" in variant.place.document.doc_id else ARTICLE) for d in variant.differences if d.own
    ]
    assert [d.text() for d in details.css(".differs")] == marked
    assert details.css_first(".who .speaker").text() == citation.who.speaker
    assert variant.place.document.file.name in details.css_first(".citation").text()


def test_differences_are_told_as_words_for_words(copied):
    citation, variant = copied.citations[0], copied.citations[0].nearly[0]
    (difference,) = variant.differences
    own, shown = (p.text[s.start - p.place.span.start : s.end - p.place.span.start]
                  for p, s in ((variant, difference.own), (citation, difference.shown)))  # fmt: skip
    assert differing(variant, citation) == [f"“{own}” for “{shown}”"]
    more = replace(variant, differences=(replace(difference, shown=None), replace(difference, own=None)))
    assert differing(more, citation) == [f"with “{own}”", f"without “{shown}”"]


def test_many_words_that_differ_are_told_by_the_first_and_the_last(copied):
    citation, variant = copied.citations[0], copied.citations[0].nearly[0]
    longest = replace(variant, differences=(Difference(variant.place.span, None),))
    told = differing(longest, citation)[0]
    words = variant.text.split()
    assert told == f"with “{' '.join(words[:6])} … {' '.join(words[-6:])}”"


def test_the_words_of_a_variant_are_words_and_nothing_else(copied):
    citation, variant = copied.citations[0], copied.citations[0].nearly[0]
    place = replace(variant.place, span=Span(0, len(HOSTILE)))
    hostile = replace(
        variant, place=place, text=HOSTILE, differences=(Difference(place.span, None),), also=(place,), notice=HOSTILE,
        who=Attribution((), "said", HOSTILE),
    )  # fmt: skip
    shown = page(replace(copied, citations=(replace(citation, nearly=(hostile,)),)))
    details = shown.css_first("details.nearly")
    assert "".join(details.css_first(".words").text().split()) == "".join(HOSTILE.split())
    assert not shown.css("img, script, b, i, em, a:not(.source), [onerror]") and len(shown.css("section")) == 1
    assert all(
        raw not in answer_message(replace(copied, citations=(replace(citation, nearly=(hostile,)),)))
        for raw in ("<img", "**")
    )


def test_a_variant_whose_file_is_gone_tells_so_and_quotes_nothing(copied):
    citation, variant = copied.citations[0], copied.citations[0].nearly[0]
    gone = replace(
        variant, text=None, differences=(), proof="gone", notice="b.txt is no longer there: run `dixit index`."
    )
    details = page(replace(copied, citations=(replace(citation, nearly=(gone,)),))).css_first("details.nearly")
    assert details.css_first(".notice").text() == gone.notice and not details.css(".words, .differs")


def test_statements_of_one_speaker_on_different_days_have_their_date_beside_the_name(indexed):
    said = "Published: {} March 2022\n\n“The harbour {},” Mayor Anna Berg told reporters.\n"
    days = {
        "a.txt": (1, "will be closed until the pier is mended"),
        "b.txt": (9, "is open, since the pier could be mended"),
    }
    told = indexed({name: said.format(*day) for name, day in days.items()}).ask("harbour pier mended")
    lines = [" ".join(w.text().split()) for w in page(told).css(".who")]
    assert len(lines) == 2
    assert {line[line.index("published") :] for line in lines} == {"published 1 March 2022", "published 9 March 2022"}
    assert "published" not in page(replace(told, citations=told.citations[:1])).css_first(".who").text()


HOSTILE = "\u202e<img src=x onerror=alert(1)> **Berg** $$x$$ \"'\n\n# </bdi></section>"


def test_names_roles_and_mentions_are_words_and_nothing_else(answer):
    one = said(answer, "“Nobody will", HOSTILE, role=HOSTILE, because="title")
    one = replace(one, mention_text=HOSTILE)
    other = said(answer, "“We have", None, role=HOSTILE)
    asked = Asked(HOSTILE, None, (HOSTILE,), "name")
    told = heard(answer, one, other, said(answer, "bills to pay", f"{HOSTILE}2"))
    question = replace(answer.question, speakers=(asked,), notes=(HOSTILE,), topic=HOSTILE, standalone=HOSTILE)
    shown = page(replace(told, question=question, others=told.citations))
    plain = " ".join(HOSTILE.split())
    assert shown.css_first(".who .speaker bdi").text() == plain and plain in shown.css_first(".who .why").text()
    assert (
        plain in shown.css_first(".heard").text()
        and shown.css_first("blockquote .voice").attributes["title"] == f"said by {plain}"
    )
    assert not shown.css("img, script, b, i, em, a:not(.source), [onerror]")
    assert len(shown.css("section")) == 2 * len(answer.citations)
    for raw in ("<img", "**Berg", "$$x", "# <"):
        assert raw not in answer_message(told)
