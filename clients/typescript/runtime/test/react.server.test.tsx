// @vitest-environment node
/** The hooks on a server, where there is no page. */
import { type ReactNode, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";

import { Client, type Connection, type ConnectionOptions } from "../src/index.ts";
import { useChannel, useChannelEvent, useConnection } from "../src/react.ts";
import { fakeNetwork, settle } from "./fakes.ts";
import { ROOM, type RoomIncoming, type RoomOutgoing } from "./sample.ts";

class RoomClient extends Client {
  room(
    parameters: { id: number },
    options?: ConnectionOptions,
  ): Connection<RoomIncoming, RoomOutgoing> {
    return this.connect(ROOM, { ...parameters }, options);
  }
}

test("a server renders what is shown before there is a connection, and makes none", async () => {
  const complaints = vi.spyOn(console, "error");
  const network = fakeNetwork();
  const client = new RoomClient({ url: "http://home.test", webSocket: network.Socket });
  function Room(): ReactNode {
    const live = useChannel(client, "room", { id: 3 });
    useChannelEvent(live, "said", () => expect.fail("nobody says anything"));
    return <p>{`${useConnection(live).status} ${String(live)}`}</p>;
  }
  const page = renderToString(
    <StrictMode>
      <Room />
    </StrictMode>,
  );
  await settle();

  expect(page).toBe("<p>idle undefined</p>");
  expect(network.sockets).toEqual([]);
  expect(complaints).not.toHaveBeenCalled();
});
