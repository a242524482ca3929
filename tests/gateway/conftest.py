"""One gateway over the embedded engine for all tests that need a real model, and small helpers."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import ollama
import pytest

from autograder.gateway import Gateway


@pytest.fixture(scope="session")
def live() -> Iterator[Gateway]:
    with Gateway(port=0, backend="llama", mode="live") as gateway:
        yield gateway


@pytest.fixture
def client(live: Gateway) -> ollama.Client:
    return ollama.Client(host=live.url)


@pytest.fixture
def doubles() -> Iterator[Gateway]:
    with Gateway(port=0, backend="double:scripted") as gateway:
        yield gateway


@pytest.fixture
def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
