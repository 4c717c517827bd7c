import type { Request } from "./protocol.js";
import { Training, type TaskTable } from "./training.js";

/** Trains in this worker what its figure asks for. */
export function serve(tasks: TaskTable): void {
  const training = new Training(tasks, (report) => globalThis.postMessage(report, {}));
  globalThis.addEventListener("message", (event: MessageEvent<Request>) => void training.handle(event.data));
}
