/** The program in a page: the test calls `act`, and is told what it sees by `see`. */
import { ChatClient } from "@wirepact/services/chat";
import { ClassroomClient } from "@wirepact/services/classroom";
import { SpcClient } from "@wirepact/services/spc";

import { driver } from "./program.mjs";

const clients = { chat: ChatClient, classroom: ClassroomClient, spc: SpcClient };
globalThis.act = driver(clients, (seen) => globalThis.see(JSON.stringify(seen)));
