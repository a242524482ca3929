"use strict";
// What comes from documents and from the model is put on the page as text (textContent), never as markup.

const $ = (id) => document.getElementById(id);
let asking = null; // the AbortController of the question that is being answered

$("form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const question = $("question").value.trim();
  if (question && !asking) answer(question);
});
$("stop").addEventListener("click", () => asking?.abort());
document.addEventListener("keydown", (key) => {
  if (key.key === "Escape") asking?.abort();
});

async function answer(question) {
  const card = newCard(question);
  asking = new AbortController();
  busy(true);
  try {
    const reply = await fetch(`/ask?${new URLSearchParams({ question })}`, { signal: asking.signal });
    if (!reply.ok) throw new Refused(await sentence(reply));
    let ended = false;
    for await (const { kind, data } of eventsOf(reply)) {
      if (kind === "draft") card.draft(data.text);
      if (kind === "answer") card.answer(data);
      if (kind === "error") card.fail(data.message);
      ended ||= kind !== "draft";
    }
    if (!ended) throw new Error("the stream ended without an answer");
  } catch (error) {
    if (error.name === "AbortError") card.stopped();
    else card.fail(error instanceof Refused ? error.message : "The connection to the application was lost. Is it still running?");
  } finally {
    asking = null;
    busy(false);
    card.done();
  }
}

class Refused extends Error {}

async function sentence(reply) {
  try {
    return (await reply.json()).message;
  } catch {
    return `The application answered with status ${reply.status}.`;
  }
}

// The events of a text/event-stream reply, as they come: an event ends with an empty line, which may arrive in pieces.
async function* eventsOf(reply) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const field = (name) => block.split("\n").filter((line) => line.startsWith(name)).map((line) => line.slice(name.length).trim()).join("\n");
      yield { kind: field("event:"), data: JSON.parse(field("data:")) };
    }
  }
}

// Either button is in the other's place, and the focus with it: it must not be lost with a button that is hidden.
function busy(answering) {
  $("ask").hidden = answering;
  $("stop").hidden = !answering;
  if (answering) $("stop").focus();
  else $("question").select();
}

// One question and what became of it. The newest stands on top.
function newCard(question) {
  const card = $("card").content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`.${name}`);
  part("asked").textContent = question;
  $("answers").prepend(card);

  function state(name, words) {
    card.dataset.state = name;
    part("state").textContent = words;
  }
  state("searching", "Searching the documents…");

  return {
    draft(text) {
      if (card.dataset.state !== "draft") state("draft", "Draft, not checked yet");
      part("words").textContent += text;
    },
    answer({ answerable, answer, citations }) {
      if (!answerable) {
        const withdrawn = part("words").textContent !== "";
        state("silent", "The documents do not say." + (withdrawn ? " No passage supports the draft, so it is withdrawn:" : ""));
        return;
      }
      state("answered", "Answer");
      part("words").textContent = answer;
      part("sources").hidden = citations.length === 0;
      part("sources").querySelector("ol").append(...citations.map(source));
    },
    fail(message) {
      const begun = part("words").textContent !== "";
      state("failed", message + (begun ? " What had come of the draft, unchecked:" : ""));
      part("state").setAttribute("role", "alert");
    },
    stopped() {
      const begun = part("words").textContent !== "";
      state("stopped", "You stopped it." + (begun ? " What had come of the draft, unchecked:" : ""));
    },
    done() {
      card.setAttribute("aria-busy", "false");
    },
  };
}

function source({ document: path, quote, href }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.textContent = path;
  if (href.startsWith("/documents/")) link.href = href;
  link.target = "_blank";
  const hint = document.createElement("span");
  hint.className = "aside";
  hint.textContent = " (opens in a new tab)";
  const words = document.createElement("blockquote");
  words.textContent = quote;
  link.append(hint);
  item.append(link, words);
  return item;
}
