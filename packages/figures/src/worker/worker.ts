import type { Request } from "./protocol.js";
import { Training } from "./training.js";

// The entry of the worker that a figure trains in.
const training = new Training((report) => globalThis.postMessage(report, {}));
globalThis.addEventListener("message", (event: MessageEvent<Request>) => void training.handle(event.data));
