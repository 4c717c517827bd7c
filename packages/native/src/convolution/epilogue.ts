import { at as entry, childrenOf, storageOf, valuesOf, type Affine, type Buffer, type LoopKernel, type Store, type Value } from "@nn/compiler/target";
import { bytesPerElement } from "@nn/tensor/extend";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, r12, r13, r14, r8, r9, rax, rbx, rdi, rdx, rsi, type Gpr } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import { Block } from "../values/block.js";
import { BlockWriter, storeVector } from "../values/block-writer.js";
import type { Operand } from "../values/operation-writer.js";
import type { Virtual } from "../values/steps.js";
import { isSupported, ValueWriter } from "../values/value-writer.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";

/** Registers that hold the places of buffers while a tile is stored. r11 holds the position of the tile, r14 where its numbers lie in the tables; rcx is for short use. */
const placeRegisters: readonly Gpr[] = [rax, rdx, rbx, rsi, rdi, r8, r9, r10, r12, r13];

type Access = Pick<Store, "buffer" | "at">;

/** Whether a position goes through the result, element by element. An axis of one image, channel or window does not count. */
function isElement({ coefficients }: Affine, [images = 1, channels = 1, windows = 1]: readonly number[]): boolean {
  const [image, channel, window] = coefficients;
  return (images === 1 || image === channels * windows) && (channels === 1 || channel === windows) && (windows === 1 || window === 1);
}

/** Whether a position depends on nothing but the channel. */
function isOfChannel({ coefficients }: Affine, [images = 1, channels = 1, windows = 1]: readonly number[]): boolean {
  const [image, channel = 0, window] = coefficients;
  return (images === 1 || image === 0) && (windows === 1 || window === 0) && (channels === 1 || channel === 0 || channel === 1);
}

const isOfWords = ({ dtype }: Buffer): boolean => bytesPerElement[dtype] === 4;

/** Whether there is code for an epilogue of a convolution. */
export function isSupportedEpilogue({ domain, stores }: LoopKernel): boolean {
  const isLeaf = (value: Value): boolean => value.kind === "accumulator" || (value.kind === "load" && isOfWords(value.buffer) && (isElement(value.at, domain) || isOfChannel(value.at, domain)));
  return stores.every(({ buffer, at: position, value }) => isOfWords(buffer) && isElement(position, domain) && isSupported(value, isLeaf));
}

/** The buffer in which sums can wait for those of further channels: it is written completely, and nothing that the epilogue reads lies in its memory. */
export function waitingBuffer({ stores, domain }: LoopKernel): Buffer | undefined {
  const loads = [...valuesOf({ stores })].flatMap((value) => (value.kind === "load" && isElement(value.at, domain) ? [storageOf(value.buffer)] : []));
  if (loads.some(({ role }) => role.kind === "state")) return undefined;
  return stores.find(({ at: { offset } }) => offset === 0)?.buffer;
}

/** What is equal for all windows of a channel: the largest parts of the values that depend on nothing else. */
function channelValues(stores: readonly Store[], domain: readonly number[]): readonly Value[] {
  const known = new Map<Value, boolean>();
  const isOfOne = (value: Value): boolean => {
    const found = known.get(value) ?? (value.kind === "load" ? !isElement(value.at, domain) && isOfChannel(value.at, domain) : value.kind === "constant" || (value.kind === "apply" && value.inputs.every(isOfOne)));
    known.set(value, found);
    return found;
  };
  const found = new Set<Value>();
  const seen = new Set<Value>();
  const visit = (value: Value): void => {
    if (seen.has(value) || value.kind === "constant") return;
    seen.add(value);
    if (isOfOne(value)) found.add(value);
    else childrenOf(value).forEach(visit);
  };
  stores.forEach(({ value }) => visit(value));
  return [...found];
}

/** The stores of a convolution's result, with elementwise work before them: vectors of a tile, while they are in registers. */
export class Epilogue {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #loop: LoopKernel;
  readonly #numberOf: (buffer: Buffer) => number;
  readonly #blocks: BlockWriter;
  readonly #channelValues: readonly Value[];
  /** The address of the first element of each access. */
  readonly #places = new Map<string, Mem>();
  /** Which place each register holds in a tile. */
  #cached = new Map<Mem, Gpr>();

  constructor(f: KernelFunction, w: VectorWriter, loop: LoopKernel, numberOf: (buffer: Buffer) => number) {
    this.#f = f;
    this.#w = w;
    this.#loop = loop;
    this.#numberOf = numberOf;
    this.#blocks = new BlockWriter(f, w);
    this.#channelValues = channelValues(loop.stores, loop.domain);
  }

  /** The bytes of the tables of one thread: a number of each channel for each value that is equal for its windows. */
  static tableBytes(loop: LoopKernel, vectorBytes: number): number {
    return channelValues(loop.stores, loop.domain).length * Epilogue.#tableStep(loop, vectorBytes);
  }

  /** From one table to the next: a vector that begins at the last number lies in them. */
  static #tableStep({ domain }: LoopKernel, vectorBytes: number): number {
    return Math.ceil((4 * entry(domain, 1) + vectorBytes) / 64) * 64;
  }

  get #step(): number {
    return Epilogue.#tableStep(this.#loop, this.#w.level.bytes);
  }

  /** Finds the buffers, and fills the tables, which lie at `tables`. */
  prepare(tables: Mem): void {
    const { asm } = this.#f;
    for (const { buffer, at: position } of this.#accesses()) {
      const key = this.#keyOf(buffer, position);
      if (this.#places.has(key)) continue;
      const place = this.#f.variable();
      this.#places.set(key, place);
      asm.mov(rax, this.#f.addressOf(this.#numberOf(buffer)));
      if (position.offset !== 0) asm.arithmetic("add", rax, 4 * position.offset);
      asm.mov(place, rax);
    }
    if (this.#channelValues.length > 0) this.#fillTables(tables);
  }

  /** Fills the tables by vectors, the last of which may lie over the one before; with few channels by single numbers, each with copies that the next one overwrites. */
  #fillTables(tables: Mem): void {
    const { asm } = this.#f;
    const { lanes, bytes } = this.#w.level;
    const channels = entry(this.#loop.domain, 1);
    const areVectors = channels >= lanes;
    asm.mov(r10, tables);
    asm.set(r8, 0);
    asm.set(rbx, areVectors ? Math.ceil(channels / lanes) : channels);
    this.#f.repeat(rbx, () => {
      const block = new Block();
      const values = new ValueWriter(block, this.#w, this.#channelValues, (value) => (value.kind === "load" ? this.#ofChannel(block, value.buffer, value.at, areVectors) : undefined));
      this.#channelValues.forEach((value, number) => {
        block.effect([values.inRegister(value)], ([register]) => register !== undefined && this.#w.store(at(r10, number * this.#step, r8, 1), register));
      });
      this.#blocks.write(block);
      asm.arithmetic("add", r8, areVectors ? bytes : 4);
      if (areVectors) this.#f.atMost(r8, 4 * (channels - lanes));
    });
  }

  /** What a buffer holds for the channels from r8 / 4 on. */
  #ofChannel(block: Block, buffer: Buffer, { offset, coefficients }: Affine, areVectors: boolean): Virtual {
    const { asm } = this.#f;
    return block.compute([], (destination) => {
      asm.mov(rax, this.#f.addressOf(this.#numberOf(buffer)));
      if (coefficients[1] === 0) asm.vector("vbroadcastss", destination, at(rax, 4 * offset));
      else if (areVectors) this.#w.load(destination, at(rax, 4 * offset, r8, 1));
      else asm.vector("vbroadcastss", destination, at(rax, 4 * offset, r8, 1));
    });
  }

  /** Begins a tile: r11 is the position of its first element in bytes, and `tables` is where the number of its first channel lies in the first table. */
  beginTile(tables: Mem): void {
    this.#cached = new Map();
    if (this.#channelValues.length > 0) this.#f.asm.mov(r14, tables);
  }

  /** Stores the vector that lies `distance` bytes after the first element, of the channel that is `channel` after that of the tile. The registers `free` may be overwritten, and that of the sums. */
  store(sums: number, channel: number, distance: number, free: readonly number[], part: Part | undefined): void {
    const block = new Block();
    const accumulator = block.given(sums);
    const { stores } = this.#loop;
    const values = new ValueWriter(block, this.#w, stores.map(({ value }) => value), (value) => this.#leaf(block, value, accumulator, channel, distance, part));
    const results = stores.map(({ buffer, at: position, value }) => ({ buffer, position, result: values.inRegister(value) }));
    for (const { buffer, position, result } of results) storeVector(block, this.#w, result, () => this.memory(buffer, position, distance), part);
    this.#blocks.write(block, free);
  }

  #leaf(block: Block, value: Value, accumulator: Virtual, channel: number, distance: number, part: Part | undefined): Operand | undefined {
    const number = this.#channelValues.indexOf(value);
    if (number >= 0) return block.compute([], (destination) => this.#w.asm.vector("vbroadcastss", destination, at(r14, number * this.#step + 4 * channel)));
    if (value.kind === "accumulator") return accumulator;
    if (value.kind !== "load") return undefined;
    const memory = (): Mem => this.memory(value.buffer, value.at, distance);
    if (part === undefined) return { kind: "memory", constant: undefined, memory };
    return block.compute([], (destination) => this.#w.load(destination, memory(), part));
  }

  /** Every buffer and position that elements are read from or written to. */
  #accesses(): readonly Access[] {
    const ofChannels = new Set(valuesOf({ stores: this.#channelValues.map((value) => ({ ...entry(this.#loop.stores, 0), value })) }));
    return [...this.#loop.stores, ...[...valuesOf(this.#loop)].flatMap((value) => (value.kind === "load" && !ofChannels.has(value) ? [value] : []))];
  }

  #keyOf(buffer: Buffer, { offset }: Affine): string {
    return `${this.#numberOf(buffer)} ${offset}`;
  }

  /** The memory of a vector of the tile. Loads the place of the buffer if no register holds it. */
  memory(buffer: Buffer, position: Affine, distance: number): Mem {
    const place = this.#places.get(this.#keyOf(buffer, position));
    if (place === undefined) throw new Error("an access of an epilogue has no place");
    const known = this.#cached.get(place);
    const register = known ?? placeRegisters[this.#cached.size % placeRegisters.length] ?? rax;
    if (known === undefined) {
      this.#cached = new Map([...[...this.#cached].filter(([, used]) => used !== register), [place, register]]);
      this.#f.asm.mov(register, place);
    }
    return at(register, distance, r11, 1);
  }
}
