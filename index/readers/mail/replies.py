"""Whose words a mail's lines are: its writer's, or somebody's whom it quotes.

Three customs tell, and they nest in each other: marks at the line ("> ", or in HTML a quoted block) with a line in front of them
that names who wrote ("On 3 January Bob wrote:"); a copy of the quoted mail's headers ("From: … Sent: … Subject: …"), under which
everything is theirs; and the banner over it ("-----Original Message-----"). Where marks come without a name, nobody is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.readers.mail.attributions import attributed, may_begin, may_end
from index.readers.mail.correspondents import person
from index.records import BlockKind

Part = Literal["words", "apparatus", "blank"]

MARKS = re.compile(r"(?:[ \t]?>)*")
_FROM = "from|von|de|da|van|från|fra|od|от|від|отправитель|lähettäjä|kimden|发件人|寄件者|差出人"
_OTHERS = (
    "sent|date|message du|to|cc|bcc|subject|reply-to|gesendet|datum|an|kopie|betreff|envoyé(?: le)?|à|a|copie à|objet|sujet"
    "|enviado(?: el| em)?|enviada em|para|asunto|fecha|assunto|inviato|oggetto|data|verzonden|aan|onderwerp|отправлено|дата|кому"
    "|тема|копия|надіслано|копія|skickat|till|ämne|sendt|dato|til|emne|wysłano|do|dw|temat|lähetetty|vastaanottaja|aihe"
    "|gönderilme tarihi|kime|konu|发送时间|日期|收件人|主题|抄送|送信日時|宛先|件名"
)
_HEADER = re.compile(
    rf"[*_\s]*(?:(?P<sender>{_FROM})|(?P<other>{_OTHERS}))[*_]*\s?[:：][*_]*(?P<value>.*)$", re.IGNORECASE
)
_BANNER = re.compile(
    r"\s*(?:(?:-{2,}|_{2,}|={2,}|\*{2,})\s*(?:original (?:message|appointment)|forwarded (?:message|by .{1,80})|forwarded mail"
    r"|(?:ursprüngliche|original|weitergeleitete)\s?-?nachricht|message (?:d['’]origine|transféré|original)|courriel original"
    r"|mensaje (?:original|reenviado)|mensagem (?:original|encaminhada)|messaggio (?:originale|inoltrato)"
    r"|oorspronkelijk bericht|doorgestuurd bericht|исходное сообщение|пересыл\w+ (?:сообщение|письмо)|переслане повідомлення"
    r"|oryginalna wiadomość|ursprungligt meddelande|oprindelig meddelelse)\s*(?:-{2,}|_{2,}|={2,}|\*{2,})?"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:transféré|réexpédié)"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato|начало переадресованного сообщения)\s?:)\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\s*[-_=*]{4,80}(?![-_=*])(?:[^-_=*\n]{1,60}[-_=*]{2,80})?\s*$"
)  # tells something only where headers follow
_SENT_FROM = re.compile(
    r"\s*(?:sent (?:from|via) (?:my|the|a|outlook|yahoo|proton|mail)\b.{0,60}|get outlook for .{0,40}|enviado (?:desde|do) .{0,40}"
    r"|von mein\w+ .{0,40} gesendet|gesendet (?:von|mit) .{0,60}|envoyé (?:de|depuis|à partir d[eu]) .{0,60}|inviato da .{0,40}"
    r"|отправлено (?:с|из) .{0,40}|verstuurd vanaf .{0,40})$",
    re.IGNORECASE,
)
_ARMOUR = re.compile(r"-----(?P<what>BEGIN|END) PGP (?P<of>SIGNED MESSAGE|SIGNATURE)-----\s*$")
_LIST_FOOT = re.compile(r"_{2,}\s*\n.*\bmailing list\b", re.IGNORECASE)
_LONGEST_SIGNATURE = 12  # lines, after "--" without the blank that makes it sure
_LONGEST_FRAME = 400  # characters: a line longer than this tells nothing of others
_LONGEST_ARMOUR = 100  # lines
_HEADERS_WITHIN = 14  # lines that a copy of headers may take


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, `[start, end)` without its break. `depth` tells how many quote it; from `words` on it is theirs. `kind` is
    what is known of it beforehand."""

    start: int
    end: int
    depth: int
    words: int
    kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True)
class Told:
    """What a line is, and whose words: None where nobody can be told, or where it is nobody's."""

    part: Part
    writer: str | None = None


def marked_lines(text: str) -> list[Line]:
    """The lines of a plain text, by the marks that they begin with."""
    found = []
    for match in re.finditer(r"[^\n]*\n?", text):
        if not match[0]:
            break
        end = match.start() + len(match[0].removesuffix("\n"))
        marks = MARKS.match(text, match.start(), end)
        if text[match.start() : end].strip() == ">:":  # the end of a wrapped address
            marks = MARKS.match("")
        depth = marks[0].count(">")
        found.append(Line(match.start(), end, depth, marks.end() if depth else match.start()))
    return found


def told(text: str, lines: Sequence[Line], sender: str | None, known: Mapping[str, str]) -> list[Told]:
    """What each line of a mail's text is, and whose. `known` are names of correspondents by their address."""
    return list(_Thread([text[line.words : line.end] for line in lines], lines, sender, known).told())


class _Thread:
    def __init__(self, words: list[str], lines: Sequence[Line], sender: str | None, known: Mapping[str, str]) -> None:
        self._words, self._lines, self._known = words, lines, known
        self._writers: dict[int, str | None] = {0: sender}

    def told(self) -> Iterator[Told]:
        at, in_signature = 0, -1  # the depth of the signature that the line stands in
        while at < len(self._lines):
            depth = self._lines[at].depth
            if not self._words[at].strip() or self._lines[at].kind == "apparatus":
                yield Told("apparatus" if self._words[at].strip() else "blank")
                at += 1
                continue
            if len(self._words[at]) > _LONGEST_FRAME:
                yield Told("words", self._writers.get(depth))
                at, in_signature = at + 1, -1
                continue
            taken = self._armour(at) or self._quoted_headers(at) or self._attribution(at)
            if taken:
                yield from (Told("apparatus" if self._words[i].strip() else "blank") for i in range(at, at + taken))
                at, in_signature = at + taken, -1
                continue
            if self._opens_signature(at):
                in_signature = depth
            elif in_signature != depth:
                in_signature = -1
            is_frame = in_signature == depth or _SENT_FROM.match(self._words[at])
            yield Told("apparatus") if is_frame else Told("words", self._writers.get(depth))
            at += 1

    def _now_writes(self, depth: int, name: str | None) -> None:
        self._writers = {d: n for d, n in self._writers.items() if d < depth} | {depth: name}

    def _next(self, at: int) -> int:
        """The next line that is not blank, or the end."""
        while at < len(self._lines) and not self._words[at].strip():
            at += 1
        return at

    def _quoted_headers(self, at: int) -> int:
        """How many lines from here are the banner or the headers of a quoted mail; who wrote that is then known."""
        depth, start = self._lines[at].depth, at
        is_banner = bool(_BANNER.match(self._words[at]))
        if is_banner or _RULE.match(self._words[at]):
            start = self._next(at + 1)
        sender, end = self._headers(start, depth)
        if end:
            self._now_writes(depth, person(sender, self._known))
            return end - at
        if is_banner:
            self._now_writes(depth, None)
        return int(is_banner)

    def _headers(self, start: int, depth: int) -> tuple[str, int]:
        """The sender in the copied headers that begin at a line, and the line behind them; 0 where there are none."""
        sender, others, end = None, set(), 0
        at = start
        while at < min(start + _HEADERS_WITHIN, len(self._lines)) and self._lines[at].depth == depth:
            match = _HEADER.match(self._words[at])
            if match and match["sender"]:
                if sender is not None:
                    break
                sender, end = match["value"], at + 1
            elif match:
                others.add(match["other"].lower())
                end = at + 1
            elif at == start or (self._words[at].strip() and at - end >= 3):
                break  # names of many receivers go on over lines, but not over many
            at += 1
        return (sender, end) if sender and len(others) >= 2 else ("", 0)

    def _attribution(self, at: int) -> int:
        """How many lines from here tell who wrote what is quoted next."""
        depth = self._lines[at].depth
        joined = ""
        for count in (1, 2, 3):
            i = at + count - 1
            if i >= len(self._lines) or self._lines[i].depth != depth or not self._words[i].strip():
                break
            joined = f"{joined} {self._words[i].strip()}".strip()
            if len(joined) > _LONGEST_FRAME or count > 1 and not may_begin(self._words[at]):
                break
            if not may_end(joined):
                continue
            following = self._next(at + count)
            quoted = following < len(self._lines) and self._lines[following].depth > depth
            found = attributed(joined, self._known)
            if found and (quoted or found.is_sure):
                # Some programs quote without marks: all that follows is the other's.
                self._now_writes(depth + 1 if quoted else depth, found.name)
                return count
            break
        return 0

    def _opens_signature(self, at: int) -> bool:
        words = self._words[at]
        if _LIST_FOOT.match("\n".join(self._words[at : at + 2])):
            return True
        if words in ("-- ", "--\xa0"):
            return True
        if words.rstrip() not in ("--", "—"):
            return False
        depth, following = self._lines[at].depth, 0
        for i in range(at + 1, len(self._lines)):
            if self._lines[i].depth != depth or following > _LONGEST_SIGNATURE:
                break
            following += bool(self._words[i].strip())
        return following <= _LONGEST_SIGNATURE

    def _armour(self, at: int) -> int:
        """How many lines from here sign the text with PGP."""
        match = _ARMOUR.match(self._words[at])
        if not match:
            return 0
        if match["of"] == "SIGNED MESSAGE":
            end = at + 1
            while end < len(self._lines) and self._words[end].startswith("Hash:"):
                end += 1
            return end - at
        for end in range(at, min(at + _LONGEST_ARMOUR, len(self._lines))):
            if self._words[end].startswith("-----END PGP SIGNATURE"):
                return end + 1 - at
        return 1
