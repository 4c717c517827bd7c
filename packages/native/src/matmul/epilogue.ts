import { at as entry, type Affine, type Buffer, type Store, type Value } from "@nn/compiler/target";
import { bytesPerElement } from "@nn/tensor/extend";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, r12, r13, r14, r8, r9, rax, rbx, rcx, rdi, rdx, rsi, type Gpr } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import { Block } from "../values/block.js";
import type { Virtual } from "../values/steps.js";
import { BlockWriter, storeMask, storeVector } from "../values/block-writer.js";
import type { Operand } from "../values/operation-writer.js";
import { isSupported, ValueWriter } from "../values/value-writer.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";

/** Registers that hold addresses while a tile is stored. rcx is for short use. */
const addressRegisters: readonly Gpr[] = [rax, rdx, rbx, rsi, rdi, r8, r9, r10, r11, r12, r13, r14];

type Load = Value & { readonly kind: "load" };

const isScalarPosition = ({ coefficients }: Affine): boolean => coefficients.every((coefficient) => coefficient === 0);

/** The steps in elements from row to row and from column to column. */
function stepsOf({ coefficients }: Affine): readonly [row: number, column: number] {
  return [entry(coefficients, 0), entry(coefficients, 1)];
}

/** Whether the displacements of a tile, of at most 32 rows, fit their 32 bits. */
function isNear({ offset, coefficients }: Affine, bytes: number): boolean {
  return Math.abs(offset) * bytes < 2 ** 31 && Math.abs(entry(coefficients, 0)) * bytes * 32 < 2 ** 30;
}

function isLeaf(value: Value): boolean {
  if (value.kind === "accumulator") return value.dtype === "float32" || value.dtype === "int32";
  if (value.kind !== "load" || value.dtype === "float64" || !isNear(value.at, bytesPerElement[value.dtype])) return false;
  const [, column] = stepsOf(value.at);
  return column === 1 || (column === 0 && value.dtype !== "bool");
}

/** Whether there is code for what the stores of an epilogue write. */
export function isSupportedEpilogue(stores: readonly Store[]): boolean {
  return stores.every(({ buffer, at: position, value }) => {
    return buffer.dtype !== "float64" && stepsOf(position)[1] === 1 && isNear(position, bytesPerElement[buffer.dtype]) && isSupported(value, isLeaf);
  });
}

/** The stores of a product's elements, with elementwise work before them: vectors of a tile, while they are in registers. */
export class Epilogue {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #stores: readonly Store[];
  readonly #numberOf: (buffer: Buffer) => number;
  /** What is equal for all elements: computed once, as vectors in memory. */
  readonly #uniform = new Map<Value, Mem>();
  /** The addresses of the tile's first element in each buffer, by access. */
  readonly #pointers = new Map<string, Mem>();
  /** Which variable each register holds, the least recently used first. */
  #cached: (readonly [Gpr, Mem])[] = [];
  readonly #blocks: BlockWriter;
  #scratch: Mem | undefined;

  constructor(f: KernelFunction, w: VectorWriter, stores: readonly Store[], numberOf: (buffer: Buffer) => number) {
    this.#f = f;
    this.#w = w;
    this.#blocks = new BlockWriter(f, w);
    this.#stores = stores;
    this.#numberOf = numberOf;
  }

  /** Computes what is equal for all elements. */
  prepare(): void {
    const roots: Value[] = [];
    const seen = new Map<Value, boolean>();
    const isUniform = (value: Value): boolean => {
      const known = seen.get(value) ?? (value.kind === "constant" || (value.kind === "load" && isScalarPosition(value.at)) || (value.kind === "apply" && value.inputs.every(isUniform)));
      seen.set(value, known);
      return known;
    };
    const visited = new Set<Value>();
    const visit = (value: Value): void => {
      if (visited.has(value) || value.kind === "constant") return;
      visited.add(value);
      if (isUniform(value)) roots.push(value);
      else if (value.kind === "apply") value.inputs.forEach(visit);
    };
    this.#stores.forEach(({ value }) => visit(value));
    const { asm } = this.#f;
    const block = new Block();
    const values = new ValueWriter(block, this.#w, roots, (value) => {
      if (value.kind !== "load") return undefined;
      return block.compute([], (destination) => {
        asm.mov(rax, this.#f.addressOf(this.#numberOf(value.buffer)));
        asm.vector("vbroadcastss", destination, at(rax, value.at.offset * bytesPerElement[value.dtype]));
      });
    });
    for (const root of roots) {
      const memory = this.#f.vector(this.#w.level.bytes);
      block.effect([values.inRegister(root)], ([register]) => register !== undefined && this.#w.store(memory, register));
      this.#uniform.set(root, memory);
    }
    this.#blocks.write(block);
  }

  /** Computes where the tile at `row` and `column` lies in each buffer. */
  beginTile(row: Mem, column: Mem): void {
    const { asm } = this.#f;
    const point = ({ buffer, at: position }: Pick<Store, "buffer" | "at">): void => {
      const key = this.#keyOf(buffer, position);
      const bytes = bytesPerElement[buffer.dtype];
      const [rowStep, columnStep] = stepsOf(position);
      const pointer = this.#pointers.get(key) ?? this.#f.variable();
      this.#pointers.set(key, pointer);
      asm.mov(rcx, this.#f.addressOf(this.#numberOf(buffer)));
      if (position.offset !== 0) asm.arithmetic("add", rcx, position.offset * bytes);
      if (rowStep !== 0) {
        asm.imul(rax, row, rowStep * bytes);
        asm.arithmetic("add", rcx, rax);
      }
      if (columnStep !== 0) {
        asm.mov(rax, column);
        asm.lea(rcx, at(rcx, 0, rax, bytes === 4 ? 4 : 1));
      }
      asm.mov(pointer, rcx);
    };
    const done = new Set<string>();
    for (const access of this.#accesses()) {
      const key = this.#keyOf(access.buffer, access.at);
      if (!done.has(key)) point(access);
      done.add(key);
    }
    this.#cached = [];
  }

  /** Stores vector `v` of row `row` of the tile. The registers `free` may be overwritten, and that of the sums. */
  store(row: number, v: number, sums: number, free: readonly number[], part: Part | undefined): void {
    const block = new Block();
    const accumulator = block.given(sums);
    const values = new ValueWriter(block, this.#w, this.#stores.map(({ value }) => value), (value) => this.#leaf(block, value, accumulator, row, v, part));
    const results = this.#stores.map((store) => ({ store, result: values.inRegister(store.value) }));
    for (const { store: { buffer, at: position }, result } of results) {
      const memory = (): Mem => this.#memory(buffer, position, row, v);
      if (buffer.dtype === "bool") storeMask(block, this.#w, result, memory, this.#scratchVector(), part);
      else storeVector(block, this.#w, result, memory, part);
    }
    this.#blocks.write(block, free);
  }

  #scratchVector(): Mem {
    this.#scratch ??= this.#f.vector(this.#w.level.bytes);
    return this.#scratch;
  }

  #leaf(block: Block, value: Value, accumulator: Virtual, row: number, v: number, part: Part | undefined): Operand | undefined {
    const uniform = this.#uniform.get(value);
    if (uniform !== undefined) return { kind: "memory", constant: undefined, memory: () => uniform };
    if (value.kind === "accumulator") return accumulator;
    if (value.kind !== "load") return undefined;
    const memory = (): Mem => this.#memory(value.buffer, value.at, row, v);
    if (stepsOf(value.at)[1] === 0) return block.compute([], (destination) => this.#w.asm.vector("vbroadcastss", destination, memory()));
    if (value.dtype === "bool") return block.compute([], (destination) => this.#w.loadMask(destination, memory(), part));
    if (part === undefined) return { kind: "memory", constant: undefined, memory };
    return block.compute([], (destination) => this.#w.load(destination, memory(), part));
  }

  /** Every buffer and position that elements are read from or written to. */
  #accesses(): Pick<Store, "buffer" | "at">[] {
    const accesses: Pick<Store, "buffer" | "at">[] = [];
    const seen = new Set<Value>();
    const visit = (value: Value): void => {
      if (seen.has(value) || this.#uniform.has(value)) return;
      seen.add(value);
      if (value.kind === "load") accesses.push(value satisfies Load);
      if (value.kind === "apply") value.inputs.forEach(visit);
    };
    for (const store of this.#stores) {
      accesses.push(store);
      visit(store.value);
    }
    return accesses;
  }

  #keyOf(buffer: Buffer, { offset, coefficients }: Affine): string {
    return `${this.#numberOf(buffer)} ${offset} ${coefficients.join()}`;
  }

  /** The memory of a vector of the tile. Loads the address of the tile if no register holds it. */
  #memory(buffer: Buffer, position: Affine, row: number, v: number): Mem {
    const pointer = this.#pointers.get(this.#keyOf(buffer, position));
    if (pointer === undefined) throw new Error("an access of an epilogue has no address");
    const [rowStep, columnStep] = stepsOf(position);
    const bytes = bytesPerElement[buffer.dtype];
    return at(this.#addressIn(pointer), row * rowStep * bytes + v * this.#w.level.lanes * columnStep * bytes);
  }

  #addressIn(pointer: Mem): Gpr {
    const known = this.#cached.find(([, variable]) => variable === pointer);
    const register = known?.[0] ?? addressRegisters.find((each) => this.#cached.every(([used]) => used !== each)) ?? this.#cached[0]?.[0] ?? rax;
    if (known === undefined) this.#f.asm.mov(register, pointer);
    this.#cached = [...this.#cached.filter(([used]) => used !== register), [register, pointer]];
    return register;
  }
}
