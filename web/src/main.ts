/** The page: one view at a time, the one that the address names, and who looks at it. */
import "./style.css";

import { openChat } from "./chat/view.ts";
import { openClassroom } from "./classroom/view.ts";
import { openClinic } from "./clinic/view.ts";
import { drawConnection } from "./connection.ts";
import { byId, setText } from "./dom.ts";
import { openRobodine } from "./robodine/view.ts";
import type { Site, View } from "./site.ts";
import { openSpc } from "./spc/view.ts";
import { takenToken } from "./token.ts";

const VIEWS: ReadonlyMap<string, View> = new Map([
  ["chat", openChat],
  ["classroom", openClassroom],
  ["clinic", openClinic],
  ["robodine", openRobodine],
  ["spc", openSpc],
]);
const FIRST = "spc";

const UNAUTHORIZED = 4401;
const SIGN_IN =
  "This needs a token that says who you are, behind the address: #token=…. On a developer's machine “make demo” prints a link that signs you in.";

const notice = byId("notice", HTMLElement);
const main = byId("main", HTMLElement);
const links = [...byId("services", HTMLElement).querySelectorAll("a")];

let token = "";
let leaving = new AbortController();

/** Leaves the view that is shown, and opens the one that the address names. */
function open(): void {
  token = takenToken() || token;
  const place = new URLSearchParams(location.hash.slice(1));
  const named = place.get("view") ?? FIRST;
  const name = VIEWS.has(named) ? named : FIRST;
  leaving.abort();
  leaving = new AbortController();
  mark(name);
  tell("");
  drawConnection({ status: "idle" });
  VIEWS.get(name)?.(siteFor(place, leaving.signal), leaving.signal);
}

function mark(name: string): void {
  for (const each of main.children) (each as HTMLElement).hidden = each.id !== name;
  for (const each of links) {
    const isHere = each.hash === `#view=${name}`;
    if (isHere) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
    if (isHere) document.title = `${each.textContent} · Wirepact live`;
  }
}

/** The page, for a view: what comes from a view that was left is not heard. */
function siteFor(place: URLSearchParams, signal: AbortSignal): Site {
  return {
    token,
    place,
    connected: (state) => {
      if (signal.aborted) return;
      drawConnection(state);
      if (state.status === "closed" && state.code === UNAUTHORIZED) tell(SIGN_IN);
    },
    notice: (text) => {
      if (!signal.aborted) tell(text);
    },
  };
}

function tell(text: string): void {
  setText(notice, text);
  notice.hidden = text === "";
}

/** The address stays as it is: what stands behind its # names the view. */
byId("skip", HTMLAnchorElement).addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", open);
open();
