import type { RunReport, RunRequest } from "./protocol.js";
// oxlint-disable-next-line import/no-unassigned-import -- from here on, what is printed goes to the page
import "./runtime.js";

// The worker that a program of a page runs in. It runs one program, and is then let go.

const report = (message: RunReport): void => self.postMessage(message, {});

async function run(request: RunRequest): Promise<void> {
  if ("program" in request) await import(new URL(`programs/${request.program}.js`, import.meta.url).href);
  else {
    const { moduleOf } = await import("./edited.js");
    const address = URL.createObjectURL(new Blob([moduleOf(request.code, import.meta.url)], { type: "text/javascript" }));
    await import(address);
  }
}

self.addEventListener("message", ({ data }: MessageEvent<RunRequest>) => {
  run(data).then(() => report({ type: "ended" }), (error: unknown) => report({ type: "failed", message: String(error) }));
});
