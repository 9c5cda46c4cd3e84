"""The verdict's model, fitted again: what an answer's evidence weighs, and from which chance on it is shown as one.

usage: .venv/bin/python benchmarks/fit_verdict.py SHARED [WORK]

SHARED is the folder that holds `data/`; WORK (default .dixit/benchmarks) keeps the indexes. Writes `retrieval/verdict.json` and
prints what the model does on questions of documents that it was not fitted on. It takes half an hour on one core.

Three collections of *train* data are asked what they answer and what they do not, of everybody's words and of somebody's, in
collections and among words of many sizes. What is not answered is of these kinds: *absent*, the document that answers is left
out; *others*, it is there, but not among the words that are searched; *foreign*, the question is on another collection. The
near misses, which are on a passage's own matter but not answered by it, are told beside and not fitted on: no score can tell them.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from math import exp, log
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from index.encoder import load_encoder
from index.lexical import LexicalIndex
from index.store import Counts, Snapshot, Store
from index.sync import sync
from index.vectors import VectorIndex, open_vectors
from index.words import stems
from retrieval.evidence import Evidence, evidence, gauge_of
from retrieval.grouping import REACH, grouped
from retrieval.question import understand
from retrieval.search import Searcher
from retrieval.sentences import FIRST, read_sentences

MODEL = Path(__file__).parents[1] / "retrieval/verdict.json"
FEATURES = [f.name for f in fields(Evidence)]

# What a verdict costs, "answered" to a question without an answer being 1. "Weak" to such a question is half as bad.
SILENT_BUT_ANSWERABLE, WEAK_BUT_ANSWERABLE, WEAK_BUT_NOT = 4.0, 0.25, 0.5

SEED = 3
FOLDS = 5
REGULARISATION = 1.0
LABEL = re.compile(r"(?:^|\n|  )\s*([A-Z][A-Z. '\-]{2,40}):\s")  # of a turn in the White House's transcripts
SHORTEST_TURN = 60  # code points


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked: whether it is answered, of which kind it is, what the ranking showed. Cases of one `group` are of one source."""

    collection: str
    kind: str
    group: str
    answered: bool
    evidence: Evidence


class Remembering:
    """An encoder that encodes no text twice: the same sentences are read for many questions."""

    def __init__(self, encoder) -> None:
        self._encoder, self._passages, self._queries = encoder, {}, {}
        self.name, self.fingerprint, self.dimension = encoder.name, encoder.fingerprint, encoder.dimension
        self.max_tokens, self.count_tokens = encoder.max_tokens, encoder.count_tokens

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        new = list(dict.fromkeys(t for t in texts if t not in self._passages))
        self._passages |= dict(zip(new, self._encoder.encode_passages(new))) if new else {}
        return np.array([self._passages[t] for t in texts], np.float32).reshape(len(texts), self.dimension)

    def encode_query(self, text: str) -> np.ndarray:
        if text not in self._queries:
            self._queries[text] = self._encoder.encode_query(text)
        return self._queries[text]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A vector index as if some vectors were not in it."""

    vectors: VectorIndex
    gone: frozenset[int]

    def search(self, query: np.ndarray, depth: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        found = self.vectors.search(query, depth + len(self.gone), among)
        return [(i, cosine) for i, cosine in found if i not in self.gone][:depth]

    def scores(self, query: np.ndarray, ids: Sequence[int]) -> dict[int, float]:
        return self.vectors.scores(query, ids)


class Remaining:
    """A snapshot as if only some passages were in it, as far as words are counted. `holding` are the passages of each stem."""

    def __init__(self, snapshot: Snapshot, holding: Mapping[str, set[int]], passages: frozenset[int]) -> None:
        self._snapshot, self._holding, self._passages = snapshot, holding, passages

    def __getattr__(self, name: str):
        return getattr(self._snapshot, name)

    def counts(self) -> Counts:
        return replace(self._snapshot.counts(), passages=len(self._passages))

    def term_counts(self, terms: Sequence[str]) -> dict[str, int]:
        found = {t: len(self._holding.get(t, set()) & self._passages) for t in terms}
        return {t: n for t, n in found.items() if n}


@dataclass(frozen=True)
class Collected:
    """An index of training documents. `ids` are the passages of each document, by its name, `holding` those of each stem."""

    searcher: Searcher
    ids: Mapping[str, frozenset[int]]
    holding: Mapping[str, set[int]]

    @classmethod
    def of_documents(cls, searcher: Searcher) -> Collected:
        snapshot = searcher.snapshot
        ids, holding = {}, defaultdict(set)
        for document in snapshot.documents().values():
            passages = snapshot.passages(snapshot.ranked_passages([document.id])).values()
            ids[document.record or document.doc_id] = frozenset(p.id for p in passages)
            for passage in passages:
                for stem in stems(f"{document.title} {passage.text}"):
                    holding[stem].add(passage.id)
        return cls(searcher, ids, holding)

    @cached_property
    def every(self) -> frozenset[int]:
        return frozenset().union(*self.ids.values())

    def of(self, names: Collection[str]) -> frozenset[int]:
        return frozenset().union(*(self.ids[n] for n in names))

    def ask(
        self,
        text: str,
        among: frozenset[int] | None = None,
        theirs: bool = False,
        without: frozenset[int] = frozenset(),
    ) -> Evidence | None:
        """The evidence for a question asked of all passages or of some, which are somebody's or anybody's. `without` are passages
        that are to be as if they were not there. None where there is nothing to judge."""
        question = understand(text)
        if not theirs:
            question = replace(question, topic=question.query, terms=question.asked_terms or question.terms)
        there = self.every - without if theirs or among is None else among
        snapshot = Remaining(self.searcher.snapshot, self.holding, there)
        gone = frozenset(snapshot.vectors_of_passages(without))
        searcher = replace(
            self.searcher,
            snapshot=snapshot,
            words=LexicalIndex(snapshot, len(there)),
            vectors=LeftOut(self.searcher.vectors, gone),
        )
        search = searcher.search(question, among)
        hits = search.fused()
        groups = grouped(hits, search.neighbours(hits[: 3 * FIRST], REACH), FIRST, {})
        if not groups:
            return None
        read = read_sentences(groups, search.vector, searcher.encoder, searcher.words.rarity(question.terms))
        return evidence(searcher, search, hits, read, among, theirs)


def main(shared: Path, work: Path) -> None:
    encoder = Remembering(load_encoder())
    statements, squad = rows(shared, "train/statements"), rows(shared, "train/squad")
    near = [r for r in rows(shared, "train/squad2_unanswerable") if not r["answerable"]]
    whitehouse = {r["id"]: r for r in rows(shared, "scale/whitehouse")}
    asking: dict[str, tuple[list[dict], Callable[[Collected], Iterator[Case]]]] = {
        "statements": (statement_documents(statements), lambda c: of_statements(c, statements, squad)),
        "squad": (squad_documents(squad), lambda c: of_squad(c, squad, near, statements)),
        "whitehouse": (turn_documents(whitehouse, statements), lambda c: of_whitehouse(c, statements, squad)),
    }
    cases: list[Case] = []
    for name, (documents, ask) in asking.items():
        folder = work / "verdict" / name
        (folder / "documents").mkdir(parents=True, exist_ok=True)
        (folder / "documents/all.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
        sync(Store(folder / "store"), encoder, [folder / "documents"])
        with Store(folder / "store").read() as snapshot:
            vectors = open_vectors(folder / "store", snapshot, encoder.dimension)
            searcher = Searcher(snapshot, encoder, vectors, LexicalIndex(snapshot, snapshot.counts().passages))
            cases += ask(Collected.of_documents(searcher))
        print(f"{name}: {len(documents)} documents, {len(cases)} questions so far", flush=True)
    (work / "verdict/cases.jsonl").write_text("\n".join(json.dumps(asdict(c)) for c in cases), encoding="utf-8")
    fit(cases, encoder)


# The collections


def statement_documents(statements: list[dict]) -> list[dict]:
    return [{"id": s["id"], "title": s["title"], "date": s["date"], "text": s["passage"]} for s in statements]


def squad_documents(squad: list[dict]) -> list[dict]:
    titles = {row["passage"]: row["title"] for row in squad}
    return [{"id": f"{n}", "title": title, "text": text} for n, (text, title) in enumerate(titles.items())]


def turn_documents(whitehouse: Mapping[str, dict], statements: list[dict]) -> list[dict]:
    """Every turn of the transcripts that the questions are on, of some speeches of each speaker, as a document."""
    by_speaker = defaultdict(list)
    for statement in statements:
        if statement["doc_id"] in whitehouse:
            by_speaker[speaker_of(statement["speaker_label"] or "", statement["doc_id"])].append(statement["doc_id"])
    most = {"Barack Obama": 60, "Michelle Obama": 30, "Joe Biden": 25}
    chosen = dict.fromkeys(d for speaker, ids in by_speaker.items() for d in ids[: most.get(speaker, 5)])
    found = []
    for doc_id in chosen:
        text, remarks = whitehouse[doc_id]["text"], whitehouse[doc_id]
        labels = list(LABEL.finditer(text))
        ends = [*(m.start() for m in labels[1:]), len(text)]
        for n, (label, end) in enumerate(zip(labels, ends)):
            turn = text[label.end() : end].strip()
            if len(turn) > SHORTEST_TURN:
                said = {"title": remarks["title"], "date": remarks["date"], "text": turn}
                found.append({"id": f"{speaker_of(label[1], doc_id)}|{doc_id}|{n}", **said})
    return found


def speaker_of(label: str, doc_id: str) -> str:
    if "MRS. OBAMA" in label:
        return "Michelle Obama"
    if "VICE" in label or (label == "THE PRESIDENT" and doc_id.startswith("Vice")):
        return "Joe Biden"
    return "Barack Obama" if label in ("THE PRESIDENT", "PRESIDENT OBAMA") else label


# The questions


def of_statements(collected: Collected, statements: list[dict], squad: list[dict]) -> Iterator[Case]:
    """Speeches in the United Nations and the White House, each alone: of everybody's words, and among those of a few speeches."""
    rng = random.Random(SEED)
    every, ids = collected.every, collected.ids
    for n, row in enumerate(rng.sample(statements, len(statements) * 2 // 3)):
        own = ids[row["id"]]
        alike = [i for i in ids if i[:2] == row["id"][:2] and i != row["id"]]
        for number, asked in enumerate(row["questions"]):
            add = adder("statements", row["id"])
            if number == n % 2:
                size = log_uniform(rng, 3, len(ids) - 1) if n % 4 < 2 else len(ids) - 1
                some = collected.of(rng.sample([i for i in ids if i != row["id"]], size))
                yield from add("answered", collected.ask(asked["text"], some | own))
                yield from add("absent", collected.ask(asked["text"], some))
            else:
                some = collected.of(rng.sample(alike, log_uniform(rng, 2, 250)))
                yield from add("their own", collected.ask(asked["text"], some | own, True))
                yield from add("others", collected.ask(asked["text"], some, True))
                yield from add("theirs absent", collected.ask(asked["text"], some, True, own))
        if row["near_miss"]:
            yield from add("near miss", collected.ask(row["near_miss"], every))
    for row in rng.sample(squad, 150):
        yield from adder("statements", row["title"])("foreign", collected.ask(row["question"], every))


def of_squad(collected: Collected, squad: list[dict], near: list[dict], statements: list[dict]) -> Iterator[Case]:
    """Articles of an encyclopaedia in paragraphs: of everything, of one article, and among the paragraphs of a few."""
    rng = random.Random(SEED)
    every, ids = collected.every, collected.ids
    place = {passage: f"{n}" for n, passage in enumerate({row["passage"]: 0 for row in squad})}
    article = defaultdict(set)
    for row in squad:
        article[row["title"]].add(place[row["passage"]])
    for n, row in enumerate(rng.sample(squad, 600)):
        own, whole = ids[place[row["passage"]]], collected.of(article[row["title"]])
        other = collected.of(article[rng.choice([t for t in sorted(article) if t != row["title"]])])
        add, text = adder("squad", row["title"]), row["question"]
        if n % 3 == 0:
            yield from add("answered", collected.ask(text))
            yield from add("absent", collected.ask(text, every - whole))
        elif n % 3 == 1:
            yield from add("answered", collected.ask(text, whole))
            yield from add("foreign", collected.ask(text, other))
        else:
            some = frozenset(rng.sample(sorted(whole - own), min(len(whole - own), log_uniform(rng, 2, 40))))
            yield from add("their own", collected.ask(text, some | own, True))
            yield from add("others", collected.ask(text, some if rng.random() < 0.5 else other, True))
            yield from add("theirs absent", collected.ask(text, other, True, whole))
    for row in rng.sample([r for r in near if r["passage"] in place], 150):
        yield from adder("squad", row["title"])("near miss", collected.ask(row["question"]))
    for row in rng.sample(statements, 150):
        yield from adder("squad", row["id"])("foreign", collected.ask(row["questions"][0]["text"]))


def of_whitehouse(collected: Collected, statements: list[dict], squad: list[dict]) -> Iterator[Case]:
    """Transcripts by speaker: of everybody's words, and among those of one speaker, in all speeches or in some."""
    rng = random.Random(SEED)
    every = collected.every
    said, within = defaultdict(set), defaultdict(set)
    for name, passages in collected.ids.items():
        speaker, speech, _ = name.split("|")
        said[speaker] |= passages
        within[speech] |= passages
    talkative = [speaker for speaker in sorted(said) if len(said[speaker]) >= 8]

    def words_of(speaker: str) -> set[int]:
        if rng.random() < 0.4:
            return said[speaker]
        speeches = rng.sample(sorted(within), rng.choice([3, 8, 20, 50]))
        return set().union(*(within[s] & said[speaker] for s in speeches)) or said[speaker]

    for row in (s for s in statements if s["doc_id"] in within):
        add, speech = adder("whitehouse", row["id"]), frozenset(within[row["doc_id"]])
        first, second = (question["text"] for question in row["questions"])
        yield from add("answered", collected.ask(first))
        yield from add("absent", collected.ask(first, every - speech))
        speaker = speaker_of(row["speaker_label"] or "", row["doc_id"])
        if speaker not in said:
            continue
        theirs = frozenset(words_of(speaker) | (speech & said[speaker]))
        other = frozenset(words_of(rng.choice([s for s in talkative if s != speaker])) - speech)
        yield from add("their own", collected.ask(second, theirs, True))
        if theirs - speech:
            yield from add("theirs absent", collected.ask(second, theirs - speech, True, speech))
        if other:
            yield from add("others", collected.ask(second, other, True))
    for row in rng.sample(squad, 100):
        yield from adder("whitehouse", row["title"])("foreign", collected.ask(row["question"]))


def adder(collection: str, group: str) -> Callable[[str, Evidence | None], list[Case]]:
    """Makes a case of one source of a kind and its evidence, if there is any."""

    def case(kind: str, shown: Evidence | None) -> list[Case]:
        return [Case(collection, kind, group, kind in ("answered", "their own"), shown)] if shown else []

    return case


# The fit


def fit(cases: list[Case], encoder: Remembering) -> None:
    """Fits the model, prints what it does on folds held out, writes it."""
    near = [c for c in cases if c.kind == "near miss"]
    cases = [c for c in cases if c.kind != "near miss"]
    shown, answered, weights = matrix(cases), np.array([c.answered for c in cases]), balanced(cases)
    scale = shown.std(axis=0)
    regression = LogisticRegression(C=REGULARISATION)
    held_out = np.zeros(len(cases))
    for train, test in GroupKFold(FOLDS).split(shown, answered, [c.group for c in cases]):
        fitted = regression.fit(shown[train] / scale, answered[train], weights[train])
        held_out[test] = fitted.predict_proba(shown[test] / scale)[:, 1]
    regression.fit(shown / scale, answered, weights)
    # Where the dearer of two verdicts is worth its price: weak against none, answered against weak.
    weak_from = WEAK_BUT_NOT / (WEAK_BUT_NOT + SILENT_BUT_ANSWERABLE - WEAK_BUT_ANSWERABLE)
    answered_from = (1 - WEAK_BUT_NOT) / (1 - WEAK_BUT_NOT + WEAK_BUT_ANSWERABLE)
    report(cases, held_out, answered, weights, (weak_from, answered_from))
    told = regression.predict_proba(matrix(near) / scale)[:, 1]
    print(f"near misses: {(told >= weak_from).mean():.2f} not none, {(told >= answered_from).mean():.2f} answered")
    old = json.loads(MODEL.read_text(encoding="utf-8"))
    gauges = {e.fingerprint: gauge_of(e, old["pairs"]) for e in (load_encoder("hashing"), encoder)}
    data = {
        "weights": {name: round(float(w), 4) for name, w in zip(FEATURES, regression.coef_[0] / scale)},
        "bias": round(float(regression.intercept_[0]), 4),
        "weak_from": round(weak_from, 3),
        "answered_from": round(answered_from, 3),
        "gauges": {f: [round(g.unrelated, 4), round(g.related, 4)] for f, g in gauges.items()},
        "pairs": old["pairs"],
    }
    print(json.dumps({k: v for k, v in data.items() if k not in ("pairs", "gauges")}))
    MODEL.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def matrix(cases: list[Case]) -> np.ndarray:
    return np.array([[getattr(c.evidence, name) for name in FEATURES] for c in cases])


def balanced(cases: list[Case]) -> np.ndarray:
    """Weights by which every kind of a collection counts alike, and answered questions as much as all others."""
    sizes = Counter((c.collection, c.kind) for c in cases)
    weights = np.array([1 / sizes[c.collection, c.kind] for c in cases])
    answered = np.array([c.answered for c in cases])
    for some in (answered, ~answered):
        weights[some] *= len(cases) / 2 / weights[some].sum()
    return weights


def report(
    cases: list[Case], chances: np.ndarray, answered: np.ndarray, weights: np.ndarray, bars: tuple[float, float]
) -> None:
    area = roc_auc_score(answered, chances, sample_weight=weights)
    print(
        f"{len(cases)} questions, area under the curve {area:.3f} (held out)\n\n| chance | answerable below | others above |\n|---|---|---|"
    )
    for bar in sorted({*bars, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}):
        below = np.average(chances[answered] < bar, weights=weights[answered])
        above = np.average(chances[~answered] >= bar, weights=weights[~answered])
        print(f"| {bar:.2f}{' *' if bar in bars else ''} | {below:.3f} | {above:.3f} |")
    print("\n| collection | kind | questions | none | weak | answered |\n|---|---|---|---|---|---|")
    for collection, kind in sorted({(c.collection, c.kind) for c in cases}):
        own = chances[[(c.collection, c.kind) == (collection, kind) for c in cases]]
        none, most = (own < bars[0]).mean(), (own >= bars[1]).mean()
        print(f"| {collection} | {kind} | {len(own)} | {none:.2f} | {1 - none - most:.2f} | {most:.2f} |")


def rows(shared: Path, name: str) -> list[dict]:
    with gzip.open(shared / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def log_uniform(rng: random.Random, least: int, most: int) -> int:
    return round(exp(rng.uniform(log(least), log(most))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else ".dixit/benchmarks"))
