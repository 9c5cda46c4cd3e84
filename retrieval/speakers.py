"""Who speaks in the documents, and all that one of them says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.errors import SettingError
from index.snapshot import Snapshot
from index.speech.people import People
from index.speech.records import Person
from index.stored import Spoken, StoredDocument, StoredUtterance
from index.words import stems, words
from retrieval.attribution import attributions, leading
from retrieval.citation import cite
from retrieval.grouping import Group
from retrieval.question_records import Asked, Question
from retrieval.records import Citation, Hit
from retrieval.verification import Sources


@dataclass(frozen=True, slots=True)
class Speaker:
    """One who speaks in the documents: under which names, how much, from when to when."""

    person: Person
    spoken: Spoken


def speakers(snapshot: Snapshot, people: People) -> list[Speaker]:
    """Everybody who says something, those who say most first."""
    by_name = {e.person.name: e.person for e in people.entries}
    return [Speaker(by_name[s.person], s) for s in snapshot.spoken()]


def the_one_called(name: str, people: People) -> Person:
    """The person meant by `name`. Raises SettingError for nobody, or for several, naming those it may be."""
    found = people.called(name)
    if len(found) == 1:
        return found[0]
    if found:
        raise SettingError(f"“{name}” may be {_either(found)}: give the full name.")
    near = people.nearest(name)
    told = f"; did you mean {_either(near)}?" if near else ": `dixit speakers` tells who is."
    raise SettingError(f"Nobody called “{name}” is named in the documents{told}")


def question_about(person: Person, topic: str) -> Question:
    """The question what somebody says on a topic."""
    text = f"{person.name} on {topic}"
    terms = tuple(dict.fromkeys(w.stem for w in words(topic) if not w.is_stopword)) or tuple(stems(topic))
    asked = Asked(person.name, None, (person.name,), "name")
    return Question(text, text, text, terms, topic=topic, asked_terms=terms, speakers=(asked,), wants="said")


def everything_said(
    person: Person, snapshot: Snapshot, sources: Sources, since: str | None, until: str | None
) -> Iterator[Citation]:
    """The passages that hold words of a person, the newest documents first, their words marked."""
    passages = snapshot.passages(snapshot.passages_said_by({person.name}))
    documents = snapshot.documents({p.document_id for p in passages.values()})
    within = snapshot.published_within(since, until) if since or until else set(documents)
    in_order = sorted(
        (p for p in passages.values() if p.document_id in within),
        key=lambda p: (documents[p.document_id].doc_id, p.passage.span.start),
    )
    in_order.sort(key=lambda p: documents[p.document_id].metadata.published or "", reverse=True)
    for number, passage in enumerate(in_order, start=1):
        document = documents[passage.document_id]
        source = sources.read([document])[document.id]
        said = snapshot.said_in([passage.id])[passage.id]
        heard = attributions(passage.passage.span, said, source.proved_text)
        theirs = tuple(sorted({s for a in heard if a.speaker == person.name for s in a.spans}))
        who = leading(heard, theirs, document, {person.name})
        cited = cite(Group((Hit(passage, 0.0, 0.0, 0.0),)), source, theirs, documents, who, heard, sources)
        yield replace(cited, number=number)


def utterances(snapshot: Snapshot, names: list[str]) -> Iterator[tuple[StoredDocument, StoredUtterance]]:
    """All that is said in the documents of these names, or in all, document by document. A name is a document's id, the end of
    one, or a file's. Raises SettingError for one that no document has."""
    every = sorted(snapshot.documents().values(), key=lambda d: d.doc_id)
    for name in names:
        if not any(_is_called(d, name) for d in every):
            raise SettingError(f"No document {name} is indexed: `dixit status` tells what is.")
    for document in every:
        if not names or any(_is_called(document, name) for name in names):
            for said in snapshot.utterances(document.id):
                yield document, said


def _is_called(document: StoredDocument, name: str) -> bool:
    own = {document.doc_id, document.file.name, str(document.file.location), document.record}
    return name in own or document.doc_id.endswith(f"/{name}")


def _either(people: list[Person]) -> str:
    return " or ".join(p.name for p in people[:5])
