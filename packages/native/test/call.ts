import { createRequire } from "node:module";
import { ExecutableMemory } from "../src/host/executable-memory.js";
import { openHost } from "../src/host/host.js";
import { linux } from "../src/host/systems.js";

/** Runs machine code on two arrays: their addresses are its arguments. */
export function call(code: Uint8Array, x: Float32Array, y: Float32Array): void {
  const host = openHost(createRequire(import.meta.url), linux);
  const memory = new ExecutableMemory(host, code, 0);
  const bytesOf = (array: Float32Array): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  host.call(memory.code, host.addressOf(bytesOf(x)), host.addressOf(bytesOf(y)));
  memory.release();
}
