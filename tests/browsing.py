"""What the tests in a real browser share: a server on a free port, and pages that must not go wrong."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI

CHROMIUM = shutil.which("chromium")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync""".split()

_contexts: list = []  # of the pages that are open


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The application on a free port, for as long as the block lasts; gives its address.

    Pages are closed before it goes: an open page asks it every few seconds how things are."""
    with socket.create_server(("127.0.0.1", 0)) as sockets:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sockets]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{sockets.getsockname()[1]}"
        finally:
            close_pages()
            server.should_exit = True
            thread.join(20)


def close_pages() -> None:
    while _contexts:
        _contexts.pop().close()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture
def opened(browser) -> Iterator[Callable]:
    """Opens an address in a browser that has no network; whatever goes wrong on any of its pages fails the test."""
    wrong: list[str] = []

    def local_only(route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            wrong.append(f"request for {route.request.url}")
            route.abort()

    def watch(page) -> None:
        page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("response", lambda r: wrong.append(f"{r.status} for {r.url}") if r.status >= 400 else None)

    def open_page(address: str, width: int = 1280, height: int = 800, **more):
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        _contexts.append(context)
        context.on("page", watch)
        context.route("**/*", local_only)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        return page

    yield open_page
    close_pages()
    assert not wrong
