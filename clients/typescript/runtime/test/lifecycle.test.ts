import { afterEach, expect, test, vi } from "vitest";

import { type LifeSign, pageLifecycle } from "../src/lifecycle.ts";
import { reactNativeLifecycle } from "../src/react-native.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page as far as it is looked at: two targets of events, and whether it is seen. */
function page(): { window: EventTarget; content: EventTarget & { hidden: boolean } } {
  const window = new EventTarget();
  const content = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
  vi.stubGlobal("document", content);
  return { window, content };
}

function kept(name: string, persisted: boolean): Event {
  return Object.assign(new Event(name), { persisted });
}

test("a page tells of its network, of being seen, and of the cache", () => {
  const { window, content } = page();
  const told: LifeSign[] = [];
  const end = pageLifecycle((sign) => told.push(sign));
  window.dispatchEvent(new Event("online"));
  window.dispatchEvent(new Event("offline"));
  content.hidden = true;
  content.dispatchEvent(new Event("visibilitychange"));
  content.hidden = false;
  content.dispatchEvent(new Event("visibilitychange"));
  content.dispatchEvent(new Event("resume"));
  for (const persisted of [false, true]) {
    window.dispatchEvent(kept("pagehide", persisted));
    window.dispatchEvent(kept("pageshow", persisted));
  }
  expect(told).toEqual(["online", "offline", "shown", "shown", "suspended", "shown"]);
  end();
  window.dispatchEvent(new Event("online"));

  expect(told).toHaveLength(6);
});

test("where there is no page nothing is told", () => {
  const told: LifeSign[] = [];

  pageLifecycle((sign) => told.push(sign))();

  expect(told).toEqual([]);
});

test("an app of React Native tells when it comes to the front, and of its network", () => {
  const app = new Set<(state: string) => void>();
  const net = new Set<(state: { isConnected: boolean | null }) => void>();
  const told: LifeSign[] = [];
  const end = reactNativeLifecycle(
    {
      addEventListener: (_, listener) => {
        app.add(listener);
        return { remove: () => app.delete(listener) };
      },
    },
    {
      addEventListener: (listener) => {
        net.add(listener);
        return () => net.delete(listener);
      },
    },
  )((sign) => told.push(sign));
  for (const listener of app) ["background", "active"].forEach(listener);
  for (const listener of net) {
    for (const isConnected of [null, false, true]) listener({ isConnected });
  }
  end();

  expect(told).toEqual(["shown", "offline", "online"]);
  expect([app.size, net.size]).toEqual([0, 0]);
});
