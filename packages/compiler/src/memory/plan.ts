import { bytesPerElement, sizeOf } from "@nn/tensor/extend";
import { samePosition } from "../ir/affine.js";
import { loopOf, readsOf, storageOf, valuesOf, writesOf, type Buffer, type CheckedIndex, type Kernel, type LoopKernel, type Program, type Store } from "../ir/program.js";
import { phasesOf } from "../ir/phases.js";
import { at } from "../ir/at.js";
import type { Node } from "../ir/graph.js";

/** Where buffers lie. Temporaries share one arena; constants and state have memory of their own. */
export interface MemoryPlan {
  readonly kernels: readonly Kernel[];
  /** The position of the last kernel that can fail; −1 if none can. Only later ones write variables. */
  readonly lastFallible: number;
  /** The byte offset of each buffer in the arena: temporaries, inputs, host values. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** The temporaries that are computed in the memory of a variable, because the new value may overwrite the old one. */
  readonly inPlace: ReadonlyMap<Buffer, Buffer>;
  /** The scratch memory of kernels that need some. */
  readonly scratch: ReadonlyMap<Kernel, Buffer>;
  readonly arenaBytes: number;
  /** The bytes that temporaries would take without sharing. */
  readonly unplannedBytes: number;
}

/** Buffers begin at multiples of a cache line. Kernels may read up to `slack` bytes beyond their end. */
const alignment = 64;
const slack = 16;

/** The bytes reserved for a buffer. */
export function reservedBytes(buffer: Pick<Buffer, "shape" | "dtype">): number {
  return Math.ceil((sizeOf(buffer.shape) * bytesPerElement[buffer.dtype] + slack) / alignment) * alignment;
}

/**
 * Decides where buffers lie. The new value of a variable overwrites the old one if no later kernel reads that or can fail; otherwise
 * a copy is added at the end. Temporaries that do not live at the same time share memory. `scratchFrom` gives the earlier kernel whose scratch memory a
 * kernel goes on with: it keeps its contents until then.
 */
export function planMemory(program: Program, scratchBytes: (kernel: Kernel) => number, scratchFrom: (kernel: Kernel) => Kernel | undefined = () => undefined): MemoryPlan {
  const stateOf = new Map(program.buffers.flatMap((buffer) => (buffer.role.kind === "state" ? [[buffer.role.variable, buffer] as const] : [])));
  const inPlace = new Map<Buffer, Buffer>();
  const copies: LoopKernel[] = [];
  const taken = new Set<Buffer>();
  const accesses = accessesOf(program.kernels);
  const last = lastFallible(program.kernels);
  for (const { variable, from } of program.writes) {
    const state = stateOf.get(variable) ?? stateBuffer(variable, from);
    if (!inPlace.has(from) && !taken.has(state) && from.role.kind === "temporary" && mayOverwrite(program, accesses, from, state, last)) inPlace.set(from, state);
    else copies.push(copyKernel(from, state));
    taken.add(state);
  }
  const kernels = [...program.kernels, ...copies];
  const scratch = new Map<Kernel, Buffer>();
  for (const kernel of kernels) {
    const earlier = scratchFrom(kernel);
    const left = earlier && scratch.get(earlier);
    const bytes = scratchBytes(kernel);
    if (left !== undefined) scratch.set(kernel, left);
    else if (bytes > 0) scratch.set(kernel, { id: -1, shape: [bytes], dtype: "bool", role: { kind: "temporary" } });
  }
  const { offsets, arenaBytes } = assignOffsets(lifetimes(program, kernels, inPlace, scratch));
  const unplannedBytes = program.buffers
    .filter((buffer) => buffer.role.kind === "temporary" && !inPlace.has(buffer))
    .reduce((sum, buffer) => sum + reservedBytes(buffer), 0);
  return { kernels, lastFallible: last, offsets, inPlace, scratch, arenaBytes, unplannedBytes };
}

/** The buffer of a variable that the program writes and does not read. */
function stateBuffer(variable: Program["writes"][number]["variable"], like: Buffer): Buffer {
  return { id: -1, shape: like.shape, dtype: like.dtype, role: { kind: "state", variable } };
}

function copyKernel(from: Buffer, to: Buffer): LoopKernel {
  const at = { offset: 0, coefficients: [1] };
  const store: Store = { buffer: to, at, value: { kind: "load", dtype: from.dtype, buffer: from, at } };
  return { kind: "loop", domain: [sizeOf(from.shape)], reduced: [false], stores: [store], label: "copy" };
}

/** The positions of the kernels that read and write each buffer. */
interface Accesses {
  readonly readers: ReadonlyMap<Buffer, readonly number[]>;
  readonly writers: ReadonlyMap<Buffer, readonly number[]>;
}

function accessesOf(kernels: readonly Kernel[]): Accesses {
  const [readers, writers] = [new Map<Buffer, number[]>(), new Map<Buffer, number[]>()];
  const note = (map: Map<Buffer, number[]>, buffers: ReadonlySet<Buffer>, at: number): void => {
    for (const buffer of buffers) {
      const known = map.get(buffer);
      if (known === undefined) map.set(buffer, [at]);
      else known.push(at);
    }
  };
  kernels.forEach((kernel, at) => {
    note(readers, readsOf(kernel), at);
    note(writers, writesOf(kernel), at);
  });
  return { readers, writers };
}

/** The position of the last kernel that can fail; −1 if none can. A kernel whose checks an earlier one has made cannot fail. */
function lastFallible(kernels: readonly Kernel[]): number {
  let last = -1;
  /** The length of the shortest axis for which the elements of a node are checked. */
  const checked = new Map<Node, number>();
  kernels.forEach((kernel, at) => {
    const values = [...valuesOf(loopOf(kernel) ?? { stores: [] })];
    const checks = values.flatMap((value) => (value.kind === "checked" ? [value] : []));
    const all = kernel.kind === "library" && kernel.check !== undefined ? [...checks, { check: kernel.check, whole: true }] : checks;
    const isNew = ({ check: { of, size } }: Pick<CheckedIndex, "check">): boolean => of !== undefined && (checked.get(of) ?? Infinity) > size;
    if (all.some(isNew) || values.some((value) => value.kind === "apply" && value.fault !== undefined)) last = at;
    for (const { check: { of, size }, whole } of all) if (of !== undefined && whole) checked.set(of, Math.min(size, checked.get(of) ?? Infinity));
  });
  return last;
}

/**
 * Whether `from` may be computed in the memory of `state`: no other kernel needs the old value afterwards, and no kernel after it can fail.
 * `fallible` is the position of the last kernel that can.
 */
function mayOverwrite({ kernels, outputs }: Program, { readers, writers }: Accesses, from: Buffer, state: Buffer, fallible: number): boolean {
  const [writer, ...others] = writers.get(from) ?? [];
  if (writer === undefined || others.length > 0 || writer <= fallible || outputs.includes(state)) return false;
  return (readers.get(state) ?? []).every((reader) => reader < writer || (reader === writer && readsOnlyBefore(at(kernels, writer), from, state)));
}

/** Whether a kernel reads each element of `state` only before it writes the same element of `from`. */
function readsOnlyBefore(kernel: Kernel, from: Buffer, state: Buffer): boolean {
  const loop = loopOf(kernel);
  if (loop === undefined || (kernel.kind === "library" && kernel.inputs.map(storageOf).includes(state))) return false;
  const store = loop.stores.find(({ buffer }) => buffer === from);
  if (store === undefined) return false;
  const phases = phasesOf(loop);
  if (loop.reduced.includes(true) && phases.storeStage(store).inner && phases.count > 1) return false;
  return [...valuesOf(loop)].every((value) => {
    if (value.kind === "gather") return value.buffer !== state;
    return value.kind !== "load" || value.buffer !== state || samePosition(value.at, store.at, loop.domain);
  });
}

interface Lifetime {
  readonly buffer: Buffer;
  readonly first: number;
  last: number;
}

/** The kernels between which each buffer of the arena is in use. Inputs live from the start, results to the end. */
function lifetimes(program: Program, kernels: readonly Kernel[], inPlace: ReadonlyMap<Buffer, Buffer>, scratch: ReadonlyMap<Kernel, Buffer>): Lifetime[] {
  const lives = new Map<Buffer, Lifetime>();
  const touch = (buffer: Buffer, at: number): void => {
    const { kind } = buffer.role;
    if (kind === "state" || kind === "constant" || inPlace.has(buffer)) return;
    const life = lives.get(buffer);
    if (life === undefined) lives.set(buffer, { buffer, first: kind === "temporary" ? at : -1, last: at });
    else life.last = Math.max(life.last, at);
  };
  for (const buffer of program.buffers) if (buffer.role.kind === "input" || buffer.role.kind === "hostCallback") touch(buffer, -1);
  kernels.forEach((kernel, at) => {
    for (const buffer of [...writesOf(kernel), ...readsOf(kernel)]) touch(buffer, at);
    const own = scratch.get(kernel);
    if (own !== undefined) touch(own, at);
  });
  for (const buffer of program.outputs) touch(buffer, kernels.length);
  return [...lives.values()];
}

/** Gives each buffer the lowest offset that is free during its life, the largest buffer first. */
function assignOffsets(lives: readonly Lifetime[]): { offsets: Map<Buffer, number>; arenaBytes: number } {
  const offsets = new Map<Buffer, number>();
  /** In the order of their offsets. */
  const placed: { readonly first: number; readonly last: number; readonly start: number; readonly end: number }[] = [];
  let arenaBytes = 0;
  const sized = lives.map((life) => ({ life, bytes: reservedBytes(life.buffer) }));
  for (const { life: { buffer, first, last }, bytes } of sized.toSorted((a, b) => b.bytes - a.bytes)) {
    let start = 0;
    for (const rival of placed) {
      if (rival.first > last || first > rival.last) continue;
      if (start + bytes <= rival.start) break;
      start = Math.max(start, rival.end);
    }
    const at = placed.findIndex((other) => other.start > start);
    placed.splice(at < 0 ? placed.length : at, 0, { first, last, start, end: start + bytes });
    offsets.set(buffer, start);
    arenaBytes = Math.max(arenaBytes, start + bytes);
  }
  return { offsets, arenaBytes };
}
