import type { Mem } from "../assembler/memory.js";
import type { Vec } from "../assembler/registers.js";
import type { VectorWriter } from "../vectors/vector-writer.js";
import { Allocation } from "./allocation.js";
import { Virtual, type Replaced, type Step } from "./steps.js";

/** Straight-line code over vectors. It is recorded first, then registers are assigned, and values that find none wait in memory. */
export class Block {
  readonly #steps: Step[] = [];
  readonly #given = new Map<Virtual, number>();
  readonly #pinned = new Map<Virtual, number>();

  /** A vector that is in a register when the block begins. The block may overwrite the register. */
  given(register: number): Virtual {
    const value = new Virtual();
    this.#given.set(value, register);
    return value;
  }

  /** A vector that is in a register when the block begins. The register stays with it. */
  pinned(register: number): Virtual {
    const value = new Virtual();
    this.#pinned.set(value, register);
    return value;
  }

  /** A vector that some instructions compute from others. With `writesEarly` its register differs from those of its sources. */
  compute(sources: readonly Virtual[], emit: (destination: Vec, sources: readonly Vec[]) => void, writesEarly = false): Virtual {
    const destination = new Virtual();
    this.#steps.push({ kind: "instructions", sources, destination, writesEarly, emit: (register, from) => register !== undefined && emit(register, from) });
    return destination;
  }

  /** Instructions that only have an effect. */
  effect(sources: readonly Virtual[], emit: (sources: readonly Vec[]) => void): void {
    this.#steps.push({ kind: "instructions", sources, destination: undefined, writesEarly: false, emit: (_, from) => emit(from) });
  }

  /**
   * Runs another block, which may read the vectors of this one, only if a lane of a mask is set. Returns what holds then in the place of each vector
   * `before`: it, or `after` of the other block.
   */
  rarely(mask: Virtual, rare: Block, pairs: readonly Pick<Replaced, "before" | "after">[]): readonly Virtual[] {
    const replaced = pairs.map((pair) => ({ ...pair, result: new Virtual() }));
    this.#steps.push({ kind: "rare", mask, steps: rare.#steps, replaced });
    return replaced.map(({ result }) => result);
  }

  /** Writes the block with the registers `free`, and those of the given vectors. `spill` gives memory for a vector. */
  write(writer: VectorWriter, free: readonly number[], spill: () => Mem): void {
    new Allocation(writer, this.#steps, { given: this.#given, pinned: this.#pinned, free, spilled: new Map() }, spill).write();
  }
}
