/** The views, by the names that they have in the address. */
import type { ComponentType } from "react";

import { Chat } from "../chat/chat.tsx";
import { Classroom } from "../classroom/classroom.tsx";
import { Clinic } from "../clinic/clinic.tsx";
import { Robodine } from "../robodine/robodine.tsx";
import { Spc } from "../spc/spc.tsx";

export interface View {
  readonly name: string;
  readonly title: string;
  readonly Shown: ComponentType;
}

/** In the order of the bar. */
export const VIEWS: readonly View[] = [
  { name: "clinic", title: "Clinic", Shown: Clinic },
  { name: "spc", title: "SPC", Shown: Spc },
  { name: "classroom", title: "Classroom", Shown: Classroom },
  { name: "chat", title: "Chat", Shown: Chat },
  { name: "robodine", title: "Robodine", Shown: Robodine },
];

const FIRST = "spc";

/** The view that an address names, otherwise the first one to show. */
export function viewAt(place: URLSearchParams): View {
  const named = VIEWS.find(({ name }) => name === place.get("view"));
  return named ?? VIEWS.find(({ name }) => name === FIRST)!;
}
