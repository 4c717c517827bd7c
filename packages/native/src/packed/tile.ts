import { at, type Mem } from "../assembler/memory.js";
import { rax, rbx, rcx } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Products } from "./packed-format.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";

/** A tile of sums: `rows` by `columns`. The words of the rows are spread over all lanes; columns lie in the lanes. */
export interface TileShape {
  readonly rows: number;
  readonly columns: number;
  /** The number of words that are added to each sum. */
  readonly words: number;
  /** Steps in bytes: from one row to the next, along the words of a row, and along those of the columns. */
  readonly row: number;
  readonly rowStep: number;
  readonly columnStep: number;
  /** Where vector `v` of the columns lies, in bytes. */
  vectorAt(v: number): number;
  /** Whether the columns hold the weights; else the rows do. */
  readonly weightsInLanes: boolean;
  /** Whether the memory of the columns is filled up to whole vectors. */
  readonly padded: boolean;
  /** From one part of the inputs that meet a word to the next, in bytes. */
  readonly part: number;
  readonly products: Products;
}

/** So many words are written out. */
const unroll = 2;

/** The sums of a tile: products of whole numbers, four to each lane. */
export class Tile {
  readonly vectors: number;
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #shape: TileShape;
  readonly #part: Part | undefined;

  constructor(f: KernelFunction, w: VectorWriter, shape: TileShape) {
    const { lanes } = w.level;
    this.#f = f;
    this.#w = w;
    this.#shape = shape;
    this.vectors = Math.ceil(shape.columns / lanes);
    this.#part = shape.columns % lanes === 0 ? undefined : w.definedPart(shape.columns % lanes);
  }

  /** The part of vector `v`. */
  partOf(v: number): Part | undefined {
    return v === this.vectors - 1 ? this.#part : undefined;
  }

  /** The registers without sums. */
  get others(): readonly number[] {
    const first = this.#shape.rows * this.vectors;
    return Array.from({ length: this.#w.level.registers - first }, (_, number) => first + number);
  }

  /** Runs `body` for the sums of each vector. */
  each(body: (register: number, row: number, v: number) => void): void {
    for (let row = 0; row < this.#shape.rows; row++) for (let v = 0; v < this.vectors; v++) body(row * this.vectors + v, row, v);
  }

  /** Computes the sums of the words at `rows` and `columns`. Overwrites rax, rcx, rbx. */
  compute(rows: Mem, columns: Mem): void {
    const { asm } = this.#f;
    const { words, rowStep, columnStep } = this.#shape;
    this.each((register) => this.#w.zero(this.#w.register(register)));
    asm.mov(rax, rows);
    asm.mov(rcx, columns);
    const steps = (count: number): void => {
      for (let step = 0; step < count; step++) this.#step(step);
      asm.arithmetic("add", rax, count * rowStep);
      asm.arithmetic("add", rcx, count * columnStep);
    };
    const whole = Math.floor(words / unroll);
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => steps(unroll));
    }
    if (words % unroll > 0) steps(words % unroll);
  }

  #step(step: number): void {
    const { products } = this.#shape;
    for (let part = 0; part < products.parts; part++) this.#addPart(step, part);
  }

  /** The products of one part of the numbers in a word. */
  #addPart(step: number, part: number): void {
    const w = this.#w;
    const { rows, row, rowStep, columnStep, padded, weightsInLanes, vectorAt, part: partBytes, products } = this.#shape;
    const [spread, product, ...lanes] = this.others.map((number) => w.register(number));
    if (spread === undefined || product === undefined) return;
    const [rowPart, columnPart] = weightsInLanes ? [part * partBytes, 0] : [0, part * partBytes];
    const columns = lanes.slice(0, this.vectors);
    columns.forEach((register, v) => {
      w.load(register, at(rcx, step * columnStep + vectorAt(v) + columnPart), padded ? undefined : this.partOf(v));
      if (weightsInLanes) products.unpack(w, register, part);
    });
    for (let i = 0; i < rows; i++) {
      w.asm.vector("vbroadcastss", spread, at(rax, step * rowStep + i * row + rowPart));
      if (!weightsInLanes) products.unpack(w, spread, part);
      columns.forEach((column, v) => {
        const sums = w.register(i * this.vectors + v);
        if (weightsInLanes) products.add(w, sums, spread, column, product);
        else products.add(w, sums, column, spread, product);
      });
    }
  }
}
