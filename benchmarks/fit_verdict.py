"""The verdict's model, fitted again: what an answer's evidence weighs, and from which chance on it is shown as one.

usage: .venv/bin/python benchmarks/fit_verdict.py SHARED [WORK [COLLECTION…]]

SHARED is the folder that holds `data/`; WORK (default .dixit/benchmarks) keeps the indexes and the questions asked, by collection:
delete `WORK/verdict/*.jsonl` to ask again. Writes `retrieval/verdict.json` and prints what the model does on questions of sources
that it was not fitted on. It takes less than ten minutes. With a COLLECTION (statements, squad, whitehouse) it only
asks the questions of that one.

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
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from math import exp, log
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from index.encoder import Encoder, load_encoder
from index.lexical import LexicalIndex
from index.snapshot import Snapshot
from index.store import Store
from index.stored import Counts, Near
from index.sync import sync
from index.vectors import VectorIndex, open_vectors
from index.words import stems
from retrieval.evidence import OF_ANYBODYS, OF_THEIRS, Evidence, evidence, gauge_of
from retrieval.grouping import REACH, grouped
from retrieval.question import understand
from retrieval.search import Searcher
from retrieval.sentences import FIRST, read_sentences

MODEL = Path(__file__).parents[1] / "retrieval/verdict.json"

# What a verdict costs, "answered" to a question without an answer being 1. "Weak" to such a question is half as bad.
SILENT_BUT_ANSWERABLE, WEAK_BUT_ANSWERABLE, WEAK_BUT_NOT = 6.0, 0.25, 0.5

NEAR = "near miss"
SEED = 3
STATEMENTS, ARTICLES = 420, 500  # rows of each that are asked
FOLDS = 5
REGULARISATION = 1.0
LABEL = re.compile(r"(?:^|\n|  )\s*([A-Z][A-Z. '\-]{2,40}):\s")  # of a turn in the White House's transcripts
SHORTEST_TURN = 60  # code points


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked: of which kind it is, whether it is answered, and what the ranking showed. Those of one `group` are of one
    source, and never on both sides of a fold."""

    collection: str
    kind: str
    group: str
    answered: bool
    evidence: Evidence

    @classmethod
    def from_json(cls, line: str) -> Case:
        row = json.loads(line)
        return cls(**row | {"evidence": Evidence(**row["evidence"])})


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
    """A snapshot as if only some passages were in it, for counting and for context. `holding` are the passages of each stem."""

    def __init__(self, snapshot: Snapshot, holding: Mapping[str, set[int]], passages: frozenset[int]) -> None:
        self._snapshot, self._holding, self._passages = snapshot, holding, passages

    def __getattr__(self, name: str):
        return getattr(self._snapshot, name)

    def around(self, passage_ids: Collection[int], reach: int) -> list[Near]:
        return [n for n in self._snapshot.around(passage_ids, reach) if n.id in self._passages]

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
        read = read_sentences(groups, searcher.words.rarity(question.terms))
        return evidence(searcher, search, hits, read, among, theirs)


def main(shared: Path, work: Path, *only: str) -> None:
    encoder = load_encoder()
    statements, squad = rows(shared, "train/statements"), rows(shared, "train/squad")
    near = [r for r in rows(shared, "train/squad2_unanswerable") if not r["answerable"]]
    whitehouse = {r["id"]: r for r in rows(shared, "scale/whitehouse")}
    asking: dict[str, tuple[list[dict], Callable[[Collected], Iterator[Case]]]] = {
        "statements": (statement_documents(statements), lambda c: of_statements(c, statements, squad)),
        "squad": (squad_documents(squad), lambda c: of_squad(c, squad, near, statements)),
        "whitehouse": (turn_documents(whitehouse, statements), lambda c: of_whitehouse(c, statements, squad)),
    }
    cases: list[Case] = []
    for name in only or asking:
        kept = work / "verdict" / f"{name}.jsonl"
        if not kept.exists():
            found = asked_of(work / "verdict" / name, encoder, *asking[name])
            kept.write_text("\n".join(json.dumps(asdict(c)) for c in found), encoding="utf-8")
        cases += [Case.from_json(line) for line in kept.read_text(encoding="utf-8").splitlines()]
        print(f"{name}: {len(cases)} questions so far", flush=True)
    if not only:
        fit(cases, encoder)


def asked_of(
    folder: Path, encoder: Encoder, documents: list[dict], ask: Callable[[Collected], Iterator[Case]]
) -> list[Case]:
    """The cases of one collection, which is indexed in `folder`."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    (folder / "documents/all.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    sync(Store(folder / "store"), encoder, [folder / "documents"])
    with Store(folder / "store").read() as snapshot:
        vectors = open_vectors(folder / "store", snapshot, encoder.dimension)
        words = LexicalIndex(snapshot, snapshot.counts().passages)
        return list(ask(Collected.of_documents(Searcher(snapshot, encoder, vectors, words))))


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
    """Speeches in the United Nations and the White House, each alone: of everybody's words, and among those of a few speeches.

    Of everybody's words nothing is asked whose speech is left out: so many others say much the same.
    """
    rng = random.Random(SEED)
    ids = collected.ids
    for n, (row, foreign) in enumerate(zip(rng.sample(statements, STATEMENTS), rng.sample(squad, STATEMENTS))):
        own, add = ids[row["id"]], adder("statements", row["id"])
        rest = [i for i in ids if i != row["id"]]
        alike = [i for i in rest if i[:2] == row["id"][:2]]
        first, second = (question["text"] for question in rng.sample(row["questions"], 2))
        some = collected.of(rng.sample(rest, log_uniform(rng, 1, len(rest))))
        yield from add("answered", collected.ask(first, some | own))
        if n % 2:
            yield from adder("statements", foreign["title"])("foreign", collected.ask(foreign["question"], some))
        some = collected.of(rng.sample(alike, log_uniform(rng, 2, 250)))
        yield from add("their own", collected.ask(second, some | own, True))
        yield from add("others", collected.ask(second, some, True))
        yield from add("theirs absent", collected.ask(second, some, True, own))
        if n % 2:
            yield from adder("statements", foreign["title"])(
                "theirs foreign", collected.ask(foreign["question"], some, True)
            )
        if row["near_miss"] and n % 4 == 0:
            yield from add(NEAR, collected.ask(row["near_miss"]))


def of_squad(collected: Collected, squad: list[dict], near: list[dict], statements: list[dict]) -> Iterator[Case]:
    """Articles of an encyclopaedia in paragraphs: of everything, of one article, and among the paragraphs of a few."""
    rng = random.Random(SEED)
    every, ids = collected.every, collected.ids
    place = {passage: f"{n}" for n, passage in enumerate({row["passage"]: 0 for row in squad})}
    article = defaultdict(set)
    for row in squad:
        article[row["title"]].add(place[row["passage"]])
    for n, row in enumerate(rng.sample(squad, ARTICLES)):
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
            foreign = rng.choice(statements)
            yield from adder("squad", foreign["id"])(
                "theirs foreign", collected.ask(foreign["questions"][0]["text"], other, True)
            )
    for row in rng.sample([r for r in near if r["passage"] in place], 150):
        yield from adder("squad", row["title"])(NEAR, collected.ask(row["question"]))
    for row in rng.sample(statements, 150):
        yield from adder("squad", row["id"])("foreign", collected.ask(row["questions"][0]["text"]))


def of_whitehouse(collected: Collected, statements: list[dict], squad: list[dict]) -> Iterator[Case]:
    """Transcripts by speaker: of everybody's words, and among those of one speaker, in all speeches or in some."""
    rng = random.Random(SEED)
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
            foreign = rng.choice(squad)
            yield from adder("whitehouse", foreign["title"])(
                "theirs foreign", collected.ask(foreign["question"], other, True)
            )
    for row in rng.sample(squad, 100):
        yield from adder("whitehouse", row["title"])("foreign", collected.ask(row["question"]))


def adder(collection: str, group: str) -> Callable[[str, Evidence | None], list[Case]]:
    """Makes a case of one source of a kind and its evidence, if there is any."""

    def case(kind: str, shown: Evidence | None) -> list[Case]:
        return [Case(collection, kind, group, kind in ("answered", "their own"), shown)] if shown else []

    return case


# The fit


def fit(cases: list[Case], encoder: Encoder) -> None:
    """Fits both models, prints what they do on folds held out, writes them."""
    # Where the dearer of two verdicts is worth its price: weak against none, answered against weak.
    weak_from = WEAK_BUT_NOT / (WEAK_BUT_NOT + SILENT_BUT_ANSWERABLE - WEAK_BUT_ANSWERABLE)
    answered_from = (1 - WEAK_BUT_NOT) / (1 - WEAK_BUT_NOT + WEAK_BUT_ANSWERABLE)
    old = json.loads(MODEL.read_text(encoding="utf-8"))
    gauges = {e.fingerprint: gauge_of(e, old["pairs"]) for e in (load_encoder("hashing"), encoder)}
    data = {
        "theirs": fitted([c for c in cases if c.evidence.theirs], OF_THEIRS, (weak_from, answered_from)),
        "anybodys": fitted([c for c in cases if not c.evidence.theirs], OF_ANYBODYS, (weak_from, answered_from)),
        "weak_from": round(weak_from, 3),
        "answered_from": round(answered_from, 3),
        "gauges": {f: [round(x, 4) for x in (g.unrelated, g.spread, g.related)] for f, g in gauges.items()},
        "pairs": old["pairs"],
    }
    MODEL.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def fitted(cases: list[Case], measures: Sequence[str], bars: tuple[float, float]) -> dict[str, float]:
    """The weights of a logistic regression by the names of the measures, and its bias."""
    near, cases = [c for c in cases if c.kind == NEAR], [c for c in cases if c.kind != NEAR]
    shown, answered, weights = matrix(cases, measures), np.array([c.answered for c in cases]), balanced(cases)
    scale = np.maximum(shown.std(axis=0), 1e-9)
    regression = LogisticRegression(C=REGULARISATION)
    held_out = np.zeros(len(cases))
    for train, test in GroupKFold(FOLDS).split(shown, answered, [c.group for c in cases]):
        fold = regression.fit(shown[train] / scale, answered[train], weights[train])
        held_out[test] = fold.predict_proba(shown[test] / scale)[:, 1]
    regression.fit(shown / scale, answered, weights)
    told = regression.predict_proba(matrix(near, measures) / scale)[:, 1] if near else np.zeros(0)
    report([*cases, *near], np.hstack([held_out, told]), np.hstack([weights, np.zeros(len(near))]), bars)
    found = {name: round(float(w), 4) for name, w in zip(measures, regression.coef_[0] / scale)}
    found["bias"] = round(float(regression.intercept_[0]), 4)
    print(found, flush=True)
    return found


def matrix(cases: list[Case], measures: Sequence[str]) -> np.ndarray:
    return np.array([[getattr(c.evidence, name) for name in measures] for c in cases])


def balanced(cases: list[Case]) -> np.ndarray:
    """Weights by which every kind of a collection counts alike, and answered questions as much as all others."""
    sizes = Counter((c.collection, c.kind) for c in cases)
    weights = np.array([1 / sizes[c.collection, c.kind] for c in cases])
    answered = np.array([c.answered for c in cases])
    for some in (answered, ~answered):
        weights[some] *= len(cases) / 2 / weights[some].sum()
    return weights


def report(cases: list[Case], chances: np.ndarray, weights: np.ndarray, bars: tuple[float, float]) -> None:
    answered = np.array([c.answered for c in cases])
    print(
        f"\n{len(cases)} questions, area under the curve {roc_auc_score(answered, chances, sample_weight=weights):.3f}\n"
    )
    print("| chance | answerable below | others above |\n|---|---|---|")
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
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else ".dixit/benchmarks"), *sys.argv[3:])
