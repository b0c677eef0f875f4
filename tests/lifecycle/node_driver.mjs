/** The program in Node: commands on standard input, what it sees on standard output, a line of JSON each. */
import { createInterface } from "node:readline";

import { ChatClient } from "@wirepact/services/chat";
import { ClassroomClient } from "@wirepact/services/classroom";
import { SpcClient } from "@wirepact/services/spc";
import { WebSocket } from "ws";

import { driver } from "./program.mjs";

const clients = { chat: ChatClient, classroom: ClassroomClient, spc: SpcClient };
const see = (seen) => process.stdout.write(JSON.stringify(seen) + "\n");
const act = driver(clients, see, { webSocket: WebSocket });
createInterface({ input: process.stdin }).on("line", (line) => act(JSON.parse(line)));
