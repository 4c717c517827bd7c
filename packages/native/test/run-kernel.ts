import { Buffer as Bytes } from "node:buffer";
import type { Buffer, Kernel, KernelTarget } from "@nn/compiler/target";
import { kernelKey, writesOf } from "@nn/compiler/target";
import { bytesPerElement, sizeOf } from "@nn/tensor/extend";
import { LinearMemory } from "@nn/wasm";
import { imported } from "../src/loaded-kernels.js";

/** The contents of each buffer before a run, and after it. */
export type Contents = ReadonlyMap<Buffer, Float32Array | Int32Array | Uint8Array>;

const guardBytes = 128;
const guard = 0xff;

/** How a kernel is run. */
export interface RunOptions {
  readonly threads?: number;
  readonly fused?: boolean;
}

type Entry = (thread: number, threads: number) => void;

/**
 * Runs the machine code of a kernel on buffers of its own, thread after thread, and returns what the buffers hold then. Around each buffer, and around
 * the scratch memory, lie bytes that are NaN in every dtype: what is read there spoils the results, and a write is found.
 * @throws Error if a byte outside of the buffers has changed, or a buffer that the kernel only reads; or if the kernel reports a fault.
 */
export function runKernel(target: KernelTarget, kernel: Kernel, before: Contents, { threads = 1, fused = true }: RunOptions = {}): Contents {
  const program = target.program({ threads, fused }, [kernel]);
  const scratchBytes = program.scratchBytes(kernel);
  if (scratchBytes === undefined) throw new Error("there is no code for the kernel");
  const memory = new LinearMemory({ shared: false });
  const { buffers } = kernelKey(kernel);
  const sizes = [...buffers.map((buffer) => sizeOf(buffer.shape) * bytesPerElement[buffer.dtype]), scratchBytes];
  const addresses = sizes.map((bytes) => memory.allocate(bytes + 2 * guardBytes) + guardBytes);
  sizes.forEach((bytes, at) => memory.u8((addresses[at] ?? 0) - guardBytes, bytes + 2 * guardBytes).fill(guard));
  const faultAddress = memory.allocate(16);
  memory.u8(faultAddress, 16).fill(0);
  const view = (at: number): Uint8Array => memory.u8(addresses[at] ?? 0, sizes[at] ?? 0);
  buffers.forEach((buffer, at) => {
    const contents = before.get(buffer);
    if (contents !== undefined) view(at).set(new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength));
  });
  const inputs = buffers.map((_, at) => view(at).slice());
  const scratch: Buffer = { id: -1, shape: [scratchBytes], dtype: "bool", role: { kind: "temporary" } };
  program.load(program.place([kernel], { addressOf: (buffer) => addresses[[...buffers, scratch].indexOf(buffer)] ?? 0, scratchOf: () => scratch, faultAddress }), memory);
  try {
    const entry = program.imports?.here[imported.module]?.[imported.kernel(0)] as Entry;
    for (let thread = 0; thread < threads; thread++) entry(thread, threads);
  } finally {
    program.dispose();
  }
  for (const [at, bytes] of sizes.entries()) {
    const start = addresses[at] ?? 0;
    const around = [...memory.u8(start - guardBytes, guardBytes), ...memory.u8(start + bytes, guardBytes)];
    if (around.some((byte) => byte !== guard)) throw new Error(`the kernel wrote outside of buffer ${at}`);
  }
  const [fault = 0, x, y] = memory.i32(faultAddress, 3);
  if (fault !== 0) throw new Error(`fault ${fault - 1} with ${x} and ${y}`);
  const written = writesOf(kernel);
  buffers.forEach((buffer, at) => {
    if (!written.has(buffer) && Bytes.compare(view(at), inputs[at] ?? new Uint8Array()) !== 0) throw new Error(`the kernel changed buffer ${at}, which it only reads`);
  });
  return new Map(buffers.map((buffer, at) => {
    const bytes = view(at).slice().buffer;
    return [buffer, buffer.dtype === "float32" ? new Float32Array(bytes) : buffer.dtype === "int32" ? new Int32Array(bytes) : new Uint8Array(bytes)] as const;
  }));
}
