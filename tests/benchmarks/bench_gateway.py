"""The gateway against llama.cpp's own server: tokens per second and time to the first token, interleaved in one run.

    python -m tests.benchmarks.bench_gateway [--rounds 12] [--tokens 96] [--model smollm2:135m]

Both talk to the *same* engine in the same process over HTTP on this machine, with the same prompts in turns, so that what differs is the
gateway alone. Prints medians, and the ratios with their 95 % bootstrap intervals over rounds.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from autograder.gateway import Gateway, catalog
from autograder.gateway.engine import shared


@dataclass(frozen=True)
class Timing:
    """Seconds to the first token and per answer, and tokens that came."""

    first: float
    whole: float
    tokens: int

    @property
    def rate(self) -> float:
        """Tokens per second, from the first token on."""
        return (self.tokens - 1) / (self.whole - self.first)


def timed(lines: Iterator[str], started: float) -> Timing:
    first = 0.0
    tokens = 0
    for line in lines:
        if not line.strip() or "[DONE]" in line:
            continue
        data = json.loads(line.removeprefix("data: "))
        words = data["message"]["content"] if "message" in data else (data.get("choices") or [{}])[0].get("delta", {}).get("content")
        if words:
            tokens += 1
            first = first or time.perf_counter() - started
    return Timing(first, time.perf_counter() - started, tokens)


def ask(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Timing:
    """One streamed answer over a connection of its own, made before the clock starts."""
    with httpx.Client(timeout=600, headers=headers) as client:
        client.get(url.partition("/api")[0].partition("/v1")[0])
        started = time.perf_counter()
        with client.stream("POST", url, json=body) as answer:
            answer.raise_for_status()
            return timed(answer.iter_lines(), started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--model", default="smollm2:135m")
    args = parser.parse_args()
    model = catalog.find(args.model)
    assert model, f"no model {args.model}"
    with Gateway(port=0, backend="llama", mode="live") as gateway, shared().lease(model) as lease:
        direct = lease.loaded.server.listening_address
        key = {"Authorization": f"Bearer {lease.loaded.key}"}
        seen: dict[str, list[Timing]] = {"gateway": [], "direct": []}
        for number in range(args.rounds + 1):
            for name in ("gateway", "direct") if number % 2 else ("direct", "gateway"):
                messages = [{"role": "user", "content": f"Describe shelf {number} of a {name} cold store in detail."}]
                if name == "gateway":
                    options = {"temperature": 0, "num_predict": args.tokens, "repeat_penalty": 1.1, "top_p": 0.9}
                    timing = ask(f"{gateway.url}/api/chat", {"model": args.model, "messages": messages, "options": options})
                else:
                    body = {"messages": messages, "stream": True, "temperature": 0, "max_tokens": args.tokens, "repeat_penalty": 1.1, "top_p": 0.9}
                    timing = ask(f"{direct}/v1/chat/completions", body, key)
                if number:
                    seen[name].append(timing)
    report(seen)


def report(seen: dict[str, list[Timing]]) -> None:
    for name, timings in seen.items():
        rate, first = np.median([t.rate for t in timings]), np.median([t.first for t in timings])
        print(f"{name:8} {rate:7.1f} tokens/s, first token after {first * 1000:6.1f} ms, n = {len(timings)}")
    rates = np.array([g.rate / d.rate for g, d in zip(seen["gateway"], seen["direct"], strict=True)])
    delays = np.array([1000 * (g.first - d.first) for g, d in zip(seen["gateway"], seen["direct"], strict=True)])
    picks = np.random.default_rng(0).integers(0, len(rates), (2000, len(rates)))
    for what, values, unit in (("tokens/s, gateway / direct", rates, ""), ("first token, gateway - direct", delays, " ms")):
        low, high = np.quantile(np.median(values[picks], axis=1), [0.025, 0.975])
        print(f"{what}: {np.median(values):.3f}{unit} (95 % interval of the median {low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
