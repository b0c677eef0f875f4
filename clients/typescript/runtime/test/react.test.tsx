// @vitest-environment happy-dom
/** The hooks, in pages that React renders, over sockets that do what the test says. */
import { act, cleanup, render, screen } from "@testing-library/react";
import { Component, type ReactNode, StrictMode, useState } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Client, type Connection, type ConnectionOptions } from "../src/index.ts";
import { useChannel, useChannelEvent, useConnection } from "../src/react.ts";
import { FakeClock, type FakeSocket, fakeNetwork, settle } from "./fakes.ts";
import { ROOM, type RoomIncoming, type RoomOutgoing } from "./sample.ts";

type Room = Connection<RoomIncoming, RoomOutgoing>;

interface RoomOptions extends ConnectionOptions {
  readonly query?: { readonly since?: string; readonly limit?: number };
}

class RoomClient extends Client {
  lobby(options?: ConnectionOptions): Room {
    return this.connect(ROOM, { id: 0 }, options);
  }

  room(parameters: { id: number }, options?: RoomOptions): Room {
    return this.connect(ROOM, { ...parameters }, options);
  }
}

const SAID = { type: "said", text: "hi" } as const;

let clock: FakeClock;
let network: ReturnType<typeof fakeNetwork>;
let client: RoomClient;
let rendered: string[];

beforeEach(() => {
  rendered = [];
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  clock = new FakeClock();
  network = fakeNetwork();
  client = new RoomClient({ url: "http://home.test", webSocket: network.Socket, clock });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function sockets(): string[] {
  return network.sockets.map(({ url }) => new URL(url).pathname);
}

function socket(index: number): FakeSocket {
  return network.sockets.at(index) ?? expect.fail("nothing was dialled");
}

/** Renders, and lets the connections that this makes get to their sockets. */
async function show(ui: ReactNode): Promise<ReturnType<typeof render>> {
  const page = render(ui);
  await act(settle);
  return page;
}

async function open(index = -1): Promise<void> {
  await act(async () => {
    socket(index).open("wirepact.v1");
    socket(index).tell("!welcome {}");
  });
}

function Status({ id, enabled = true, lingerMs = 1000 }: RoomProps): ReactNode {
  const live = useChannel(client, "room", { id }, { enabled, lingerMs });
  const text = `${id} ${useConnection(live).status}`;
  rendered.push(text);
  return <p>{text}</p>;
}

interface RoomProps {
  readonly id: number;
  readonly enabled?: boolean;
  readonly lingerMs?: number;
}

function Texts({ id }: RoomProps): ReactNode {
  const [texts, setTexts] = useState<readonly string[]>([]);
  const live = useChannel(client, "room", { id });
  useChannelEvent(live, "said", ({ text }) => setTexts([...texts, text]));
  return <output>{texts.join(" ")}</output>;
}

function texts(): string[] {
  return screen.getAllByRole("status").map((each) => each.textContent ?? "");
}

test("a component that is shown is connected, and shows where the connection is", async () => {
  await show(<Status id={3} />);
  expect(screen.getByText("3 connecting")).toBeDefined();
  await open();
  expect(screen.getByText("3 open")).toBeDefined();
  act(() => socket(0).drop(4404));

  expect(screen.getByText("3 closed")).toBeDefined();
  expect(sockets()).toEqual(["/rooms/3/"]);
});

test("a channel without parameters needs nothing but its name", async () => {
  function Lobby(): ReactNode {
    return <p>{useConnection(useChannel(client, "lobby")).status}</p>;
  }
  await show(<Lobby />);

  expect(sockets()).toEqual(["/rooms/0/"]);
});

test("strict mode makes one connection and adds one listener", async () => {
  const early = <Texts id={3} key="early" />;
  const page = await show(<StrictMode>{[early]}</StrictMode>);
  await open();
  page.rerender(<StrictMode>{[early, <Texts id={3} key="late" />]}</StrictMode>);
  act(() => socket(0).say(SAID));
  await vi.advanceTimersByTimeAsync(5000);

  expect(texts()).toEqual(["hi", "hi"]);
  expect(sockets()).toHaveLength(1);
  expect(socket(0).closedWith).toBeUndefined();
});

test("nothing is heard of a connection that is used no more", async () => {
  const page = await show(<Texts id={3} />);
  await open();
  page.rerender(<Texts id={4} />);
  act(() => socket(0).say(SAID));

  expect(texts()).toEqual([""]);
});

test("a listener sees what was rendered last", async () => {
  await show(<Texts id={3} />);
  await open();
  for (let count = 0; count < 3; count += 1) act(() => socket(0).say(SAID));

  expect(texts()).toEqual(["hi hi hi"]);
});

test("those who use the same channel share a connection, which outlives the last of them for a while", async () => {
  const page = await show([<Texts id={3} key="a" />, <Texts id={3} key="b" />]);
  await open();
  act(() => socket(0).say(SAID));
  expect(texts()).toEqual(["hi", "hi"]);
  page.rerender([<Texts id={3} key="b" />]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(socket(0).closedWith).toBeUndefined();
  page.unmount();
  await vi.advanceTimersByTimeAsync(999);
  expect(socket(0).closedWith).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);

  expect(socket(0).closedWith).toBe(1000);
  expect(sockets()).toHaveLength(1);
});

test("who is back while it lingers finds it open", async () => {
  const page = await show(<Status id={3} />);
  await open();
  page.unmount();
  await vi.advanceTimersByTimeAsync(999);
  await show(<Status id={3} />);
  await vi.advanceTimersByTimeAsync(5000);

  expect(screen.getByText("3 open")).toBeDefined();
  expect(sockets()).toHaveLength(1);
  expect(socket(0).closedWith).toBeUndefined();
});

test("who is back later is connected anew", async () => {
  const page = await show(<Status id={3} lingerMs={0} />);
  page.unmount();
  await vi.advanceTimersByTimeAsync(0);
  expect(socket(0).closedWith).toBe(1000);
  rendered.length = 0;
  await show(<Status id={3} />);

  expect(rendered).toEqual(["3 idle", "3 idle", "3 connecting"]);
  expect(sockets()).toHaveLength(2);
});

test("other parameters are another connection, from the first time they are rendered", async () => {
  const page = await show(<Status id={3} />);
  await open();
  rendered.length = 0;
  page.rerender(<Status id={4} />);
  await act(settle);
  await vi.advanceTimersByTimeAsync(1000);

  expect(rendered).toEqual(["4 idle", "4 idle", "4 connecting"]);
  expect(sockets()).toEqual(["/rooms/3/", "/rooms/4/"]);
  expect(socket(0).closedWith).toBe(1000);
});

test("what is asked for in the query tells connections apart, its order does not", async () => {
  function Since({ query }: { readonly query: NonNullable<RoomOptions["query"]> }): ReactNode {
    useChannel(client, "room", { id: 3 }, { query });
    return null;
  }
  await show([
    <Since key="a" query={{ since: "noon", limit: 3 }} />,
    <Since key="b" query={{ limit: 3, since: "noon" }} />,
    <Since key="c" query={{ since: "noon", limit: 4 }} />,
  ]);

  expect(network.sockets.map(({ url }) => new URL(url).search)).toEqual([
    "?since=noon&limit=3",
    "?since=noon&limit=4",
  ]);
});

test("nothing is connected that is not enabled", async () => {
  const page = await show(<Status id={3} enabled={false} />);
  expect(sockets()).toEqual([]);
  page.rerender(<Status id={3} />);
  await act(settle);
  expect(screen.getByText("3 connecting")).toBeDefined();
  page.rerender(<Status id={3} enabled={false} />);
  expect(screen.getByText("3 idle")).toBeDefined();
  await vi.advanceTimersByTimeAsync(1000);

  expect(socket(0).closedWith).toBe(1000);
});

test("what was not sent when the last has left is handed to it", async () => {
  const unsent: unknown[] = [];
  function Writer({ text }: { readonly text: string }): ReactNode {
    const onUnsent = (messages: readonly unknown[]): void => void unsent.push(text, ...messages);
    const live = useChannel(client, "room", { id: 3 }, { onUnsent });
    const say = (): void => live?.send({ type: "say", text }, { offline: "queue" });
    return <button onClick={say}>say</button>;
  }
  const page = await show(<Writer text="one" />);
  screen.getByText("say").click();
  page.rerender(<Writer text="two" />);
  page.unmount();
  await vi.advanceTimersByTimeAsync(1000);

  expect(unsent).toEqual(["two", { type: "say", text: "one" }]);
});

test("a component that is gone before it is connected leaves nothing behind", async () => {
  const page = render(<Texts id={3} />);
  page.unmount();
  await vi.advanceTimersByTimeAsync(1000);
  await settle();

  expect(network.sockets.filter(({ closedWith }) => closedWith === undefined)).toEqual([]);
  expect(clock.pending).toBe(0);
});

test("who comes when the connection is over has a new one made, for all", async () => {
  const page = await show([<Status id={3} key="a" />]);
  act(() => socket(0).drop(4404));
  expect(screen.getByText("3 closed")).toBeDefined();
  page.rerender([<Status id={3} key="a" />, <Status id={3} key="b" />]);
  await act(settle);
  await open();

  expect(screen.getAllByText("3 open")).toHaveLength(2);
  expect(sockets()).toHaveLength(2);
});

test("who listens for $open is told at once where it is open already", async () => {
  const opened: boolean[] = [];
  function Greeter(): ReactNode {
    const live = useChannel(client, "room", { id: 3 });
    useChannelEvent(live, "$open", ({ reconnected }) => {
      opened.push(reconnected);
      live?.send({ type: "say", text: "hello" });
    });
    return null;
  }
  const page = await show([<Status id={3} key="a" />]);
  page.rerender([<Status id={3} key="a" />, <Greeter key="b" />]);
  expect(opened).toEqual([]);
  await open();
  expect(opened).toEqual([false]);
  page.rerender([<Status id={3} key="a" />, <Greeter key="b" />, <Greeter key="c" />]);

  expect(opened).toEqual([false, false]);
  expect(socket(0).sent).toHaveLength(2);
});

test("what the client refuses to connect to is caught by an error boundary", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  class Boundary extends Component<{ readonly children: ReactNode }, { readonly text?: string }> {
    override state: { readonly text?: string } = {};

    static getDerivedStateFromError(error: Error): { readonly text: string } {
      return { text: `${error.name}: ${error.message}` };
    }

    override render(): ReactNode {
      return this.state.text ?? this.props.children;
    }
  }
  await show(
    <Boundary>
      <Status id={3.5} />
    </Boundary>,
  );

  expect(screen.getByText("InvalidParameterError: id: must be an integer")).toBeDefined();
});

test("on the server nothing is connected, and the page that wakes up is the one that was sent", async () => {
  const complaints = vi.spyOn(console, "error");
  function Form(): ReactNode {
    return <button disabled={!useChannel(client, "room", { id: 3 })} />;
  }
  const page = (
    <StrictMode>
      <Status id={3} />
      <Form />
    </StrictMode>
  );
  const container = document.createElement("div");
  document.body.append(container);
  container.innerHTML = renderToString(page);
  await settle();
  expect(container.textContent).toBe("3 idle");
  expect(sockets()).toEqual([]);
  await show(<Status id={3} />);
  const recovered: unknown[] = [];
  const root = await act(async () =>
    hydrateRoot(container, page, { onRecoverableError: (error) => recovered.push(error) }),
  );

  expect(container.textContent).toBe("3 connecting");
  expect(sockets()).toHaveLength(1);
  expect([...recovered, ...complaints.mock.calls]).toEqual([]);
  act(() => root.unmount());
  container.remove();
});
