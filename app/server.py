"""The web server: the chat at /, documents at /document, the JSON API under /api.

Nothing on its pages comes from elsewhere, and the headers forbid it; a request under a name that is not this server's
(DNS rebinding), or sent by another site's page, is refused.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import socket
import threading
import webbrowser
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.documents_api import add_documents
from app.reader_page import document_page, message_page, view_of
from index.errors import DixitError, SettingError
from retrieval.assistant import DEFAULT_K, Assistant
from retrieval.pages import WIDTHS
from retrieval.schema import answer_json, status_json

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from index.keeper import Keeper

_MOST_PASSAGES = 100
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS = frozenset({"0.0.0.0", "::"})
_STATIC = Path(__file__).parent / "static"

_COMMON = "object-src 'none'; frame-ancestors 'none'; connect-src 'self'; img-src 'self' data:"
# Gradio's page needs its inline scripts and styles; a handler in an attribute, as a document might bring, never runs.
_CHAT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; script-src-attr 'none'; style-src 'self' 'unsafe-inline';"
    f" font-src 'self' data:; base-uri 'self'; form-action 'none'; {_COMMON}"
)
_PAGE_POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; {_COMMON}"
)
# A document has one form, of ours: what is to be found in it, asked of this server.
_DOCUMENT_POLICY = _PAGE_POLICY.replace("form-action 'none'", "form-action 'self'")
_POLICIES = {"/document": _DOCUMENT_POLICY, "/document/page": _PAGE_POLICY, "/documents": _PAGE_POLICY}
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def create_app(
    assistant: Assistant,
    host: str = "127.0.0.1",
    keeper: Keeper | None = None,
    library: Path | None = None,
    changes: bool | None = None,
) -> FastAPI:
    """The application. It answers to this machine's own names and to `host`. With a `keeper` documents may be added, to the folder
    `library`, and removed, if `changes` says so or, saying nothing, if only this machine can reach the server."""
    import gradio as gr
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    from app.chat import build_chat, look

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Guard, host=host)
    app.mount("/dixit", StaticFiles(directory=_STATIC))
    _add_pages(app, assistant)
    _add_api(app, assistant)
    add_documents(app, assistant, keeper, library, host in _LOCAL if changes is None else changes)
    return gr.mount_gradio_app(app, build_chat(assistant), path="/", max_file_size=0, enable_monitoring=False, **look())


def serve(
    assistant: Assistant,
    host: str,
    port: int,
    open_browser: bool,
    keeper: Keeper | None = None,
    library: Path | None = None,
    changes: bool | None = None,
) -> None:
    """Serve until interrupted. Raises SettingError when the address is not to be had; port 0 takes any free one."""
    listening = _listen(host, port)
    import uvicorn

    address = _address(host, listening.getsockname()[1])

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"Dixit is at {address} (Ctrl-C stops it)", flush=True)
            threading.Thread(target=_warm_up, args=(assistant,), daemon=True).start()
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Every open chat holds a connection; that ending cuts it is no error to tell anybody of.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            await super().shutdown(sockets)

    # uvicorn raises the interrupt again once it has shut down.
    with listening, suppress(KeyboardInterrupt):
        its = create_app(assistant, host, keeper, library, changes)
        config = uvicorn.Config(its, log_level="warning", timeout_graceful_shutdown=1)
        Server(config).run(sockets=[listening])


@dataclass(frozen=True, slots=True)
class _Guard:
    """Refuses requests that are not for this server, and puts the security headers on every response."""

    app: ASGIApp
    host: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        policy = _POLICIES.get(scope["path"], _CHAT_POLICY)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = {**_HEADERS, "content-security-policy": policy}
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in headers.items())]
            await send(message)

        refusal = self._refusal(scope)
        if refusal:
            from starlette.responses import PlainTextResponse

            return await PlainTextResponse(refusal, 403)(scope, receive, send_guarded)
        await self.app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> str | None:
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if not self._is_own(headers.get("host", "")):
            return "This server does not go by that name: use the address that `dixit serve` printed."
        origin = headers.get("origin")
        sender = None if origin is None else origin.partition("://")[2]
        if scope["method"] not in ("GET", "HEAD") and sender is not None and not self._is_own(sender):
            return "Requests sent by pages of other sites are refused."
        return None

    def _is_own(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in _LOCAL or name == self.host.lower():
            return True
        # Listening everywhere, it is reached by address or machine name; a rebound name is never an address.
        return self.host in _WILDCARDS and (_is_address(name) or name == socket.gethostname().lower())


def _add_pages(app: FastAPI, assistant: Assistant) -> None:
    from fastapi import Header, Query
    from fastapi.responses import HTMLResponse, PlainTextResponse, Response

    @app.get("/document")
    def document(
        id: str = "",
        start: str | None = None,
        end: str | None = None,
        h: list[str] = Query(default_factory=list),
        also: list[str] = Query(default_factory=list),
        find: str = "",
        hit: str = "1",
    ) -> HTMLResponse:
        try:
            view = view_of(id, start, end, h, also, find, hit)
        except SettingError as error:
            return HTMLResponse(message_page("No such place", str(error)), 400)
        try:
            opened = assistant.open(view.doc_id)
        except SettingError as error:
            return HTMLResponse(message_page("No such document", str(error)), 404)
        except DixitError as error:
            return HTMLResponse(message_page("Not to be read now", str(error)), 503)
        try:
            return HTMLResponse(document_page(opened, view))
        except SettingError as error:
            return HTMLResponse(message_page("No such place", str(error)), 400)

    @app.get("/document/page")
    def page_image(
        id: str = "", page: str = "", width: str = "800", if_none_match: str | None = Header(None)
    ) -> Response:
        """A page, counted from 1, as it is printed. A browser keeps it, and asks each time whether the file is still that one."""
        try:
            number, wide = _page(page, width)
        except SettingError as error:
            return PlainTextResponse(str(error), 400)
        try:
            image = assistant.page_image(id, number - 1, wide)
        except SettingError as error:
            return PlainTextResponse(str(error), 404)
        except DixitError as error:
            return PlainTextResponse(str(error), 503)
        tag = f'"{hashlib.sha256(image).hexdigest()[:32]}"'
        headers = {"cache-control": "private, no-cache", "etag": tag}
        if if_none_match and tag in (t.strip().removeprefix("W/") for t in if_none_match.split(",")):
            return Response(None, 304, headers)
        return Response(image, media_type="image/png", headers=headers)


def _add_api(app: FastAPI, assistant: Assistant) -> None:
    from fastapi import Body, Query
    from fastapi.responses import JSONResponse

    def answer(q: object, k: object, collections: object) -> JSONResponse:
        try:
            names = _collections(collections)
            return JSONResponse(answer_json(assistant.ask(_question(q), k=_passages(k), collections=names)))
        except SettingError as error:
            return JSONResponse({"error": str(error)}, 400)
        except DixitError as error:
            return JSONResponse({"error": str(error)}, 503)

    @app.get("/api/ask")
    def ask(q: str = "", k: str = str(DEFAULT_K), within: list[str] = Query([], alias="in")) -> JSONResponse:
        return answer(q, k, list(within))

    @app.post("/api/ask")
    def ask_posted(
        body: dict | None = Body(None),
        q: str = "",
        k: str = str(DEFAULT_K),
        within: list[str] = Query([], alias="in"),
    ) -> JSONResponse:
        given = {"q": q, "k": k, "in": list(within)} | (body or {})
        return answer(given["q"], given["k"], given["in"])

    @app.get("/api/status")
    def status() -> JSONResponse:
        try:
            return JSONResponse(status_json(assistant.status()))
        except DixitError as error:
            return JSONResponse({"error": str(error)}, 503)


def _page(page: str, width: str) -> tuple[int, int]:
    if not (page.isascii() and page.isdecimal() and len(page) <= 6 and int(page)):
        raise SettingError(f"“{page[:20]}” is no number of a page: count from 1.")
    if width not in map(str, WIDTHS):
        raise SettingError(f"A page is drawn {', '.join(map(str, WIDTHS))} pixels wide, not “{width[:20]}”.")
    return int(page), int(width)


def _question(q: object) -> str:
    if not isinstance(q, str):
        raise SettingError("The question `q` has to be a text.")
    return q


def _passages(k: object) -> int:
    if isinstance(k, bool) or len(str(k)) > 3 or not str(k).isdecimal() or not 1 <= int(str(k)) <= _MOST_PASSAGES:
        raise SettingError(f"The number of passages `k` cannot be {str(k)[:20]}: give one from 1 to {_MOST_PASSAGES}.")
    return int(str(k))


def _collections(names: object) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise SettingError("The collections `in` have to be a list of names.")
    return names


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise SettingError(f"{host} is no address of this machine: give another with --host.") from None
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise SettingError(
            f"Port {port} of {host} cannot be used ({error.strerror}): choose another with --port."
        ) from None
    return listening


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in _WILDCARDS else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _warm_up(assistant: Assistant) -> None:
    """Load what a question needs now, so that the first one does not wait for it."""
    with suppress(DixitError):
        assistant.warm_up()
