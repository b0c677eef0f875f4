/** The HTTP side: what was said, who is there, and files. */
import type {
  KeptMessage,
  Member,
  MemberList,
  MessagePage,
  StoredFile,
} from "@wirepact/services/chat";

import { fetched, uploaded } from "../api.ts";

const HISTORY = 50;

/** What was said last, newest first, and the members. Rejects with a sentence that can be shown. */
export async function kept(
  channel: string,
  token: string,
): Promise<readonly [readonly KeptMessage[], readonly Member[]]> {
  const [{ messages }, { members }] = await Promise.all([
    fetched<MessagePage>(`${pathOf(channel)}/messages/?limit=${HISTORY}`, token),
    fetched<MemberList>(`${pathOf(channel)}/members/`, token),
  ]);
  return [messages, members];
}

/** Hands a file to the members. Rejects with a sentence that can be shown. */
export async function stored(channel: string, file: File, token: string): Promise<StoredFile> {
  return uploaded(`${pathOf(channel)}/files/`, file, token);
}

function pathOf(channel: string): string {
  return `/api/v1/chat/channels/${encodeURIComponent(channel)}`;
}
