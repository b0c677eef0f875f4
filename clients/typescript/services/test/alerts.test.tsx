// @vitest-environment happy-dom
/** How a page's component is tested: with the generated client as it is, and a server that is not there. */
import { fake, type Faked } from "@wirepact/client/testing";
import { useChannel, useChannelEvent, useConnection } from "@wirepact/client/react";
import { RateLimited, type QualityAlert, SpcClient } from "@wirepact/services/spc";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

function AlertList({ spc }: { readonly spc: SpcClient }): ReactNode {
  const [alerts, setAlerts] = useState<readonly QualityAlert[]>([]);
  const [problem, setProblem] = useState("");
  const live = useChannel(spc, "notifications");
  const { status } = useConnection(live);

  async function load(): Promise<void> {
    try {
      const answer = await live?.request({ type: "get_alerts", limit: 3 });
      setAlerts(answer?.alerts ?? []);
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      setProblem(`again in ${error.delayMs} ms`);
    }
  }
  useChannelEvent(live, "$open", ({ reconnected }) => reconnected || void load());
  useChannelEvent(live, "$resumed", ({ recovered }) => recovered || void load());
  useChannelEvent(live, "alert", ({ alert }) => setAlerts([alert, ...alerts].slice(0, 3)));

  return (
    <section>
      <output>{status}</output>
      <button onClick={() => void load()}>load</button>
      <p role="alert">{problem}</p>
      <ul>
        {alerts.map(({ id, title }) => (
          <li key={id}>{title}</li>
        ))}
      </ul>
    </section>
  );
}

const NOW = "2026-01-11T12:00:00";

function alert(id: number): QualityAlert {
  return {
    id,
    product_code: "P-1",
    product_name: "Piston",
    alert_type: "OUT_OF_SPEC",
    priority: 5,
    title: `alert ${id}`,
    message: "",
    status: "OPEN",
    created_at: NOW,
  };
}

/** Answers with these alerts from now on. */
function stored(...ids: number[]): void {
  notifications().answers("get_alerts", () => ({
    type: "alerts",
    alerts: ids.map(alert),
    timestamp: NOW,
  }));
}

function pushed(id: number): void {
  notifications().push({ type: "alert", alert: alert(id), timestamp: NOW });
}

function notifications() {
  return faked.server.channel("notifications");
}

function titles(): readonly (string | null)[] {
  return screen.queryAllByRole("listitem").map((each) => each.textContent);
}

let faked: Faked<SpcClient>;

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  faked = fake(SpcClient);
  stored(2, 1);
  render(<AlertList spc={faked.client} />);
  await act(() => faked.server.connected());
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("it shows what is stored, and then what is new above it", () => {
  expect(titles()).toEqual(["alert 2", "alert 1"]);
  act(() => pushed(3));
  act(() => pushed(4));

  expect(titles()).toEqual(["alert 4", "alert 3", "alert 2"]);
});

test("what was missed is shown, if it is recovered", async () => {
  notifications().recovers("alert");
  act(() => faked.server.drop());
  expect(screen.getByText("reconnecting")).toBeDefined();
  pushed(3);
  await act(() => faked.server.reconnected());

  expect(screen.getByText("open")).toBeDefined();
  expect(titles()).toEqual(["alert 3", "alert 2", "alert 1"]);
});

test("otherwise it is loaded", async () => {
  act(() => faked.server.drop());
  stored(3, 2, 1);
  await act(() => faked.server.reconnected());

  expect(titles()).toEqual(["alert 3", "alert 2", "alert 1"]);
});

test("who asks too often is told when to ask again", async () => {
  notifications().answers("get_alerts", () => {
    throw new RateLimited({
      code: "rate_limited",
      text: "too many requests",
      temporary: true,
      delayMs: 2000,
    });
  });
  fireEvent.click(screen.getByText("load"));
  await act(() => faked.time.pass(0));

  expect(screen.getByRole("alert").textContent).toBe("again in 2000 ms");
});

test("the connection is closed a second after nobody shows alerts any more", async () => {
  cleanup();
  await faked.time.pass(999);
  expect(notifications().connections).toBe(1);
  await faked.time.pass(1);

  expect(notifications().connections).toBe(0);
});
