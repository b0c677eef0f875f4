/**
 * Plays one conversation with the emitted clients, as `tests/contract/README.md` describes: it reads
 * `{server, tokens, conversation, wire}` from stdin, and exits with 1 at the first step that does not come true.
 */
import { text } from "node:stream/consumers";
import { isDeepStrictEqual } from "node:util";

import { Client, ConnectionClosedError } from "@wirepact/client";
import { WebSocket } from "ws";

const DEADLINE_MS = 10_000;

/** A WebSocket of a client that has not heard of `wirepact.v1`, and of one that has, by the word for the wire. */
const SOCKETS = {
  legacy: class extends WebSocket {
    constructor(url) {
      super(url);
    }
  },
  "wirepact.v1": WebSocket,
};

/** A step that does not come true. */
class Untrue extends Error {}

const KINDS = new Map(
  Object.entries({
    $integer: (value) => Number.isInteger(value),
    $number: (value) => typeof value === "number",
    $string: (value) => typeof value === "string",
    $time: (value) =>
      typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(value),
    $anything: () => true,
  }),
);

const STEPS = {
  http: request,
  connect,
  send: ({ send, message }, { lines, kept }) =>
    lineOf(lines, send).live.send(filledIn(message, kept)),
  expect: ({ expect, message }, stage) => expectOne(lineOf(stage.lines, expect), [message], stage),
  expect_all: ({ expect_all, messages }, stage) =>
    expectInSomeOrder(lineOf(stage.lines, expect_all), messages, stage),
  close: ({ close }, { lines }) => lineOf(lines, close).live.close(),
  closed: ({ closed, code, reason }, { lines }) => expectEnd(lineOf(lines, closed), code, reason),
};

async function play({ server, tokens, conversation, wire = "wirepact.v1" }) {
  const services = await import(`@wirepact/services/${conversation.service}`);
  const ServiceClient = Object.values(services).find((each) => each.prototype instanceof Client);
  const stage = { server, tokens, wire, ServiceClient, lines: new Map(), kept: new Map() };
  for (const [index, step] of conversation.steps.entries()) {
    const name = Object.keys(STEPS).find((each) => each in step);
    if (name === undefined) throw new TypeError(`step ${index + 1} is none that is known here`);
    await inTime(index + 1, step, async () => STEPS[name](step, stage));
  }
}

/** Fails with the step's number, where it fails or takes too long. */
async function inTime(number, step, act) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      reject,
      DEADLINE_MS,
      new Untrue(`nothing for 10 s: ${JSON.stringify(step)}`),
    );
  });
  try {
    await Promise.race([act(), late]);
  } catch (error) {
    throw error instanceof Untrue ? new Untrue(`step ${number}: ${error.message}`) : error;
  } finally {
    clearTimeout(timer);
  }
}

async function request(step, { server, tokens, kept }) {
  const { http, as, body, file, status, reply, reply_text, keep = {} } = step;
  const [method, path] = http.split(" ");
  const response = await fetch(server + filledInPath(path, kept), {
    method,
    headers: {
      ...(as in tokens && { authorization: `Bearer ${tokens[as]}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(filledIn(body, kept)) }),
    ...(file !== undefined && { body: form(file) }),
  });
  const answer = await response.text();
  if (response.status !== status) {
    throw new Untrue(`expected status ${status}, got ${response.status} ${answer}`);
  }
  if (reply_text !== undefined && answer !== reply_text) {
    throw new Untrue(`expected ${reply_text}, got ${answer}`);
  }
  if (reply !== undefined) expectMatch([filledIn(reply, kept)], JSON.parse(answer));
  for (const [name, field] of Object.entries(keep)) kept.set(name, at(JSON.parse(answer), field));
}

function form({ part, name, type, text }) {
  const data = new FormData();
  data.set(part, new File([text], name, { type }));
  return data;
}

/** Opens a connection, and waits until it is open, or until it is clear that it will not be. */
async function connect({ connect: name, channel, parameters = {}, as }, stage) {
  const { server, tokens, wire, ServiceClient, lines, kept } = stage;
  const client = new ServiceClient({
    url: server,
    webSocket: SOCKETS[wire],
    ...(as in tokens && { getToken: () => tokens[as] }),
  });
  const values = Object.keys(parameters).length > 0 ? [filledIn(parameters, kept)] : [];
  const live = client[methodOf(channel)](...values);
  lines.set(name, { live, messages: live.messages() });
  const spoken = await new Promise((resolve) => {
    live.on(
      "$state",
      ({ status }) => status !== "connecting" && status !== "open" && resolve(wire),
    );
    live.on("$open", ({ protocol }) => resolve(protocol || "legacy"));
  });
  if (spoken !== wire) throw new Untrue(`expected to speak ${wire}, and it is ${spoken}`);
}

async function expectOne(line, candidates, { kept }) {
  const expected = filledIn(candidates, kept);
  return expectMatch(expected, await next(line));
}

async function expectInSomeOrder(line, messages, stage) {
  const missing = [...messages];
  while (missing.length > 0) missing.splice(await expectOne(line, missing, stage), 1);
}

/** The loop over the messages ends or throws; how the connection ended stands in its state. */
async function expectEnd({ live, messages }, code, reason) {
  const { value } = await messages.next().catch(ended);
  if (value !== undefined) throw new Untrue(`expected the end, got ${asJson(value)}`);
  const { state } = live;
  if (state.code !== code || (reason !== undefined && state.reason !== reason)) {
    throw new Untrue(`expected ${code} ${reason ?? ""}, got ${asJson(state)}`);
  }
}

function ended(error) {
  if (error instanceof ConnectionClosedError) return { value: undefined };
  throw error;
}

async function next({ live, messages }) {
  const { value } = await messages.next().catch(ended);
  if (value === undefined) throw new Untrue(`expected a message, got ${asJson(live.state)}`);
  return value;
}

/** Which of the `expected` the message is. */
function expectMatch(expected, got) {
  const index = expected.findIndex((each) => matches(each, got));
  if (index >= 0) return index;
  throw new Untrue(`expected ${expected.map(asJson).join(" or ")}, got ${asJson(got)}`);
}

function matches(expected, got) {
  if (typeof expected === "string" && KINDS.has(expected)) return KINDS.get(expected)(got);
  if (Array.isArray(expected)) {
    return (
      Array.isArray(got) &&
      expected.length === got.length &&
      expected.every((each, index) => matches(each, got[index]))
    );
  }
  if (typeof expected !== "object" || expected === null) return isDeepStrictEqual(expected, got);
  return (
    typeof got === "object" &&
    got !== null &&
    isDeepStrictEqual(Object.keys(expected).sort(), Object.keys(got).sort()) &&
    Object.entries(expected).every(([key, value]) => matches(value, got[key]))
  );
}

/** A value with what was kept in the place of its `$name`s. */
function filledIn(value, kept) {
  if (Array.isArray(value)) return value.map((each) => filledIn(each, kept));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, filledIn(each, kept)]),
    );
  }
  const isName = typeof value === "string" && value.startsWith("$") && !KINDS.has(value);
  return isName ? keptAs(value.slice(1), kept) : value;
}

function filledInPath(path, kept) {
  return path.replace(/\$(\w+)/g, (_, name) => keptAs(name, kept));
}

function keptAs(name, kept) {
  if (kept.has(name)) return kept.get(name);
  throw new TypeError(`nothing was kept as ${name}`);
}

function lineOf(lines, name) {
  return lines.get(name) ?? fail(`nobody is called ${name}`);
}

function fail(sentence) {
  throw new TypeError(sentence);
}

function at(value, path) {
  return path.split(".").reduce((part, key) => part[key], value);
}

/** The name of a client's method: `run_rules` is `runRules`. */
function methodOf(channel) {
  return channel.replace(/[-_. ]+(\w)/g, (_, letter) => letter.toUpperCase());
}

function asJson(value) {
  return JSON.stringify(value);
}

try {
  await play(JSON.parse(await text(process.stdin)));
  process.exit(0);
} catch (error) {
  console.error(error instanceof Untrue ? error.message : error);
  process.exit(error instanceof Untrue ? 1 : 2);
}
