import type { ProgramImports } from "./imports.js";
import { common, mailbox, maximumTextBytes, ticket } from "./layout.js";
import { spinReads } from "./spin.js";

/** A message to a worker. */
export type Mail =
  /** The first message: where everything is. `shared` and `box` are addresses of the blocks laid out in `layout.ts`. */
  | {
      readonly kind: "begin";
      readonly memory: WebAssembly.Memory;
      readonly spin: WebAssembly.Module;
      readonly shared: number;
      readonly box: number;
      readonly thread: number;
    }
  | { readonly kind: "load"; readonly program: number; readonly module: WebAssembly.Module; readonly imports: Omit<ProgramImports, "here"> | undefined }
  | { readonly kind: "unload"; readonly program: number };

/**
 * The program of a worker, as text. So bundlers need not find a file, and transpilers and coverage tools add no helpers to it.
 * Workers run the minified form in `prebuilt-worker.ts`.
 *
 * A worker handles its messages in the event loop. Then it waits for its ticket to change, and returns to the event loop only when there
 * is another message.
 */
export const workerSource = /* @__PURE__ */ (() => /* js */ `"use strict";
const { load, store, compareExchange, add, sub, wait, notify } = Atomics;
const host = globalThis.process;
const port = host?.getBuiltinModule?.("node:worker_threads")?.parentPort;
const programs = new Map();
let begin, shared, box, text, whileEqual;
let handled = 0;
let missedSpins = 0;

const fail = (error) => {
  if (compareExchange(shared, ${common.abort}, 0, begin.thread + 1) === 0) {
    const written = error instanceof Error ? error.name + ": " + error.message + "\\n" + error.stack : String(error);
    const bytes = new TextEncoder().encode(written).subarray(0, ${maximumTextBytes});
    text.set(bytes);
    store(box, ${mailbox.textBytes}, bytes.length);
  }
  add(shared, ${common.generation}, 1);
  notify(shared, ${common.generation});
};

const release = (state) => {
  store(box, ${mailbox.ticket}, state);
  if (load(shared, ${common.callerSleeps}) !== 0) notify(box, ${mailbox.ticket});
};

const work = () => {
  sub(shared, ${common.unclaimed}, 1);
  try {
    const entries = programs.get(shared[${common.program}]);
    if (!Array.isArray(entries)) throw entries ?? new Error("the program was not loaded");
    entries[shared[${common.entry}]](begin.thread, shared[${common.threads}]);
  } catch (error) {
    fail(error);
  }
  release(${ticket.free});
};

const serve = () => {
  let woken = false;
  while (load(box, ${mailbox.sent}) === handled) {
    const reads = missedSpins % ${spinReads.retry} === 0 ? ${spinReads.long} : ${spinReads.short};
    if (whileEqual(begin.box + ${4 * mailbox.ticket}, ${ticket.free}, reads) === ${ticket.free}) {
      missedSpins++;
      store(box, ${mailbox.sleeps}, 1);
      wait(box, ${mailbox.ticket}, ${ticket.free});
      store(box, ${mailbox.sleeps}, 0);
      woken = true;
      continue;
    }
    if (!woken) missedSpins = 0;
    woken = false;
    if (compareExchange(box, ${mailbox.ticket}, ${ticket.offered}, ${ticket.running}) === ${ticket.offered}) work();
    else if (compareExchange(box, ${mailbox.ticket}, ${ticket.nudged}, ${ticket.free}) === ${ticket.revoked}) {
      if (port) host.exit();
      close();
      return;
    }
  }
};

const handlers = {
  begin(mail) {
    begin = mail;
    const { buffer } = mail.memory;
    shared = new Int32Array(buffer, mail.shared, ${common.words});
    box = new Int32Array(buffer, mail.box, ${mailbox.words});
    text = new Uint8Array(buffer, mail.box + ${4 * mailbox.text}, ${maximumTextBytes});
    ({ whileEqual } = new WebAssembly.Instance(mail.spin, { env: { memory: mail.memory } }).exports);
  },
  load({ program, module, imports }) {
    try {
      const more = imports && new Function("argument", imports.source)(imports.argument);
      const { exports } = new WebAssembly.Instance(module, { env: { memory: begin.memory }, ...more });
      programs.set(program, WebAssembly.Module.exports(module).map(({ name }) => exports[name]));
    } catch (error) {
      programs.set(program, error);
    }
  },
  unload({ program }) {
    programs.delete(program);
  },
};

const receive = (mail) => {
  handlers[mail.kind](mail);
  store(box, ${mailbox.handled}, ++handled);
  serve();
};

if (port) {
  port.on("message", receive);
  host.on("exit", () => {
    if (box === undefined) return;
    if (load(box, ${mailbox.ticket}) === ${ticket.running}) fail(new Error("the worker ended"));
    release(${ticket.gone});
  });
} else globalThis.onmessage = ({ data }) => receive(data);
`)();
