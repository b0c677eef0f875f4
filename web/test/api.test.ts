import { beforeEach, expect, test, vi } from "vitest";

import { fetched } from "../src/api.ts";

const asked = vi.fn(async (_url: URL, _request: RequestInit) => Response.json({ is: "there" }));

beforeEach(() => {
  asked.mockClear();
  vi.stubGlobal("location", { origin: "https://wirepact.example" });
  vi.stubGlobal("fetch", asked);
});

test("this server is told who asks", async () => {
  expect(await fetched("/api/", "ann")).toEqual({ is: "there" });

  const [url, { headers }] = asked.mock.calls[0]!;
  expect(url.href).toBe("https://wirepact.example/api/");
  expect(headers).toEqual({ authorization: "Bearer ann" });
});

test.each(["https://other.example/", "//other.example/"])(
  "another server, %s, is not asked",
  async (path) => {
    await expect(fetched(path, "ann")).rejects.toThrow("other.example is another server");

    expect(asked).not.toHaveBeenCalled();
  },
);

test("a refusal is told in the server's words", async () => {
  asked.mockResolvedValueOnce(Response.json({ message: "Not a member" }, { status: 403 }));

  await expect(fetched("/api/", "ann")).rejects.toThrow("Not a member");
});
