import { at as entry } from "@nn/compiler/target";
import { at, type Mem } from "../assembler/memory.js";
import { rax, rcx, type Vec } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";
import type { LaneAxis } from "./plan.js";
import { writeTaps, type Tap, type TapNode } from "./taps.js";

/** A vector of the image: where it lies, and the lanes that are read if not all may be. */
export interface Column {
  readonly image: number;
  readonly part: Part | undefined;
}

/** A tile of vectors of sums in registers: some outputs times some vectors of the image. Distances in bytes. */
export interface TileShape {
  readonly lanes: LaneAxis;
  readonly outputs: number;
  readonly columns: readonly Column[];
  /** From the weights of one output to those of the next. */
  readonly weightStep: number;
  /** Whether a multiplication and an addition are rounded once together. */
  readonly fused: boolean;
}

/** Where the operands of one side of a tile are. */
interface Side {
  readonly count: number;
  load(register: Vec, index: number): void;
  /** The operand as memory that a multiply-add reads by itself, if it can. */
  memory(index: number): Mem | undefined;
}

/** The sums of a tile: outer products of the weights of some outputs with vectors of the image. */
export class Tile {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #shape: TileShape;

  constructor(f: KernelFunction, w: VectorWriter, shape: TileShape) {
    this.#f = f;
    this.#w = w;
    this.#shape = shape;
  }

  /** The registers without sums. */
  get others(): readonly number[] {
    const { outputs, columns } = this.#shape;
    const first = outputs * columns.length;
    return Array.from({ length: this.#w.level.registers - first }, (_, number) => first + number);
  }

  /** Runs `body` for each vector of sums. */
  each(body: (sums: Vec, output: number, column: number) => void): void {
    const { outputs, columns } = this.#shape;
    for (let output = 0; output < outputs; output++) for (let column = 0; column < columns.length; column++) body(this.#sums(output, column), output, column);
  }

  clear(): void {
    this.each((sums) => this.#w.zero(sums));
  }

  /** Adds the products of the image at `image` with the weights at `weights`. */
  accumulate(image: Mem, weights: Mem, taps: readonly TapNode[]): void {
    const { asm } = this.#f;
    asm.mov(rax, image);
    asm.mov(rcx, weights);
    writeTaps(this.#f, taps, (tap) => this.#step(tap));
  }

  #sums(output: number, column: number): Vec {
    return this.#w.register(output * this.#shape.columns.length + column);
  }

  /** One outer product. The smaller side stays in registers, the operands of the other one come one by one. */
  #step(tap: Tap): void {
    const [weights, image] = [this.#weights(tap), this.#image(tap)];
    const keepsWeights = weights.count <= image.count;
    const [kept, passing] = keepsWeights ? [weights, image] : [image, weights];
    const registers = this.others.map((number) => this.#w.register(number));
    const stay = registers.slice(0, kept.count);
    const [product, ...free] = registers.slice(kept.count);
    if (product === undefined) throw new Error("a tile of a convolution leaves no register for its operands");
    stay.forEach((register, index) => kept.load(register, index));
    const sums = (index: number, passed: number): Vec => (keepsWeights ? this.#sums(index, passed) : this.#sums(passed, index));
    for (let passed = 0; passed < passing.count; passed++) {
      const memory = this.#shape.fused && stay.length === 1 ? passing.memory(passed) : undefined;
      const turns = this.#shape.fused ? [product, ...free] : free;
      const operand = turns[passed % turns.length] ?? product;
      if (memory === undefined) passing.load(operand, passed);
      stay.forEach((register, index) => this.#add(sums(index, passed), register, memory ?? operand, product));
    }
  }

  #add(sums: Vec, x: Vec, y: Vec | Mem, product: Vec): void {
    const { asm } = this.#w;
    if (this.#shape.fused) {
      asm.vector("vfmadd231ps", sums, x, y);
      return;
    }
    asm.vector("vmulps", product, x, y);
    asm.vector("vaddps", sums, sums, product);
  }

  #weights({ weights, part }: Tap): Side {
    const w = this.#w;
    const { lanes, outputs, weightStep } = this.#shape;
    const element = (output: number): Mem => at(rcx, weights + output * weightStep);
    if (lanes === "taps") return { count: outputs, load: (register, output) => w.load(register, element(output), part), memory: () => undefined };
    return {
      count: outputs,
      load: (register, output) => w.asm.vector("vbroadcastss", register, element(output)),
      memory: (output) => (w.level.name === "AVX-512" ? element(output).broadcast() : undefined),
    };
  }

  #image({ image, part }: Tap): Side {
    const { columns } = this.#shape;
    const vector = (column: number): Mem => at(rax, image + entry(columns, column).image);
    const partOf = (column: number): Part | undefined => part ?? entry(columns, column).part;
    return { count: columns.length, load: (register, column) => this.#w.load(register, vector(column), partOf(column)), memory: (column) => (partOf(column) === undefined ? vector(column) : undefined) };
  }
}
