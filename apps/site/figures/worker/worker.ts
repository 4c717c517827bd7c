import type { Request } from "./protocol.js";
import { Training } from "./training.js";

// The entry of the worker that a figure trains in.
const training = new Training((report) => self.postMessage(report, {}));
self.addEventListener("message", (event: MessageEvent<Request>) => training.handle(event.data));
