import { at, type Mem } from "../assembler/memory.js";
import { rax, rbx, rcx } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";

/** How a tile reads its matrices, in bytes. */
export interface TileStrides {
  /** From one element of a column of the first matrix to the next, and along k. */
  readonly aRow: number;
  readonly aStep: number;
  /** From one row of the second matrix to the next. */
  readonly bStep: number;
}

/** A tile of sums in registers: `rows` by `columns`. */
export interface TileShape {
  readonly rows: number;
  readonly columns: number;
  /** The number of products that are added to each sum. */
  readonly length: number;
  readonly strides: TileStrides;
  /** Whether a multiplication and an addition are rounded once together. */
  readonly fused: boolean;
  /** Whether rows of the second matrix are as long as the vectors of a tile. */
  readonly padded: boolean;
}

/** So many steps along k are written out. */
const unroll = 4;

/** The sums of a tile, as outer products of columns of the first matrix with rows of the second. */
export class Tile {
  readonly vectors: number;
  /** The lanes of the last vector that count, if not all do. */
  readonly part: Part | undefined;
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #shape: TileShape;

  constructor(f: KernelFunction, w: VectorWriter, shape: TileShape) {
    const { lanes } = w.level;
    this.#f = f;
    this.#w = w;
    this.#shape = shape;
    this.vectors = Math.ceil(shape.columns / lanes);
    this.part = shape.columns % lanes === 0 ? undefined : w.definedPart(shape.columns % lanes);
  }

  /** The part of vector `v`. */
  partOf(v: number): Part | undefined {
    return v === this.vectors - 1 ? this.part : undefined;
  }

  /** The register of the sums of vector `v` of a row. */
  sums(row: number, v: number): number {
    return row * this.vectors + v;
  }

  /** The registers without sums. */
  get others(): readonly number[] {
    const first = this.#shape.rows * this.vectors;
    return Array.from({ length: this.#w.level.registers - first }, (_, at) => first + at);
  }

  /** Sets the sums to 0. */
  clear(): void {
    this.each((register) => this.#w.zero(this.#w.register(register)));
  }


  /** Runs `body` for the sums of each vector. */
  each(body: (register: number, row: number, v: number) => void): void {
    for (let row = 0; row < this.#shape.rows; row++) for (let v = 0; v < this.vectors; v++) body(this.sums(row, v), row, v);
  }

  /** Adds the products, of the matrices at `a` and `b`. */
  accumulate(a: Mem, b: Mem): void {
    const asm = this.#f.asm;
    const { length, strides: { aStep, bStep } } = this.#shape;
    asm.mov(rax, a);
    asm.mov(rcx, b);
    const steps = (count: number): void => {
      for (let step = 0; step < count; step++) this.#step(step);
      asm.arithmetic("add", rax, count * aStep);
      asm.arithmetic("add", rcx, count * bStep);
    };
    const whole = Math.floor(length / unroll);
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => steps(unroll));
    }
    if (length % unroll > 0) steps(length % unroll);
  }

  /** One step along k: a column of the first matrix times a row of the second. */
  #step(step: number): void {
    const w = this.#w;
    const { rows, strides: { aRow, aStep, bStep }, fused, padded } = this.#shape;
    const { others } = this;
    const bRegister = (v: number) => w.register(others[v] ?? 0);
    for (let v = 0; v < this.vectors; v++) w.load(bRegister(v), at(rcx, step * bStep + v * w.level.bytes), padded ? undefined : this.partOf(v));
    const spare = others.slice(this.vectors);
    for (let row = 0; row < rows; row++) {
      const element = at(rax, step * aStep + row * aRow);
      if (fused && this.vectors === 1 && w.level.name === "AVX-512") {
        w.asm.vector("vfmadd231ps", w.register(this.sums(row, 0)), bRegister(0), element.broadcast());
        continue;
      }
      const broadcast = w.register(spare[fused ? row % spare.length : 0] ?? 0);
      w.asm.vector("vbroadcastss", broadcast, element);
      for (let v = 0; v < this.vectors; v++) this.#add(this.sums(row, v), broadcast.number, bRegister(v).number, spare[1] ?? 0);
    }
  }

  #add(sums: number, x: number, y: number, product: number): void {
    const w = this.#w;
    if (this.#shape.fused) {
      w.asm.vector("vfmadd231ps", w.register(sums), w.register(x), w.register(y));
      return;
    }
    w.asm.vector("vmulps", w.register(product), w.register(x), w.register(y));
    w.asm.vector("vaddps", w.register(sums), w.register(sums), w.register(product));
  }
}
