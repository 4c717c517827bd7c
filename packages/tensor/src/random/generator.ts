import { describeValue } from "../arguments/describe.js";
import { ArgumentError } from "../errors.js";
import { apply, eagerInterpreter, withInterpreter } from "../interpreter/stack.js";
import * as primitives from "../primitives/all.js";
import { requireShape, sizeOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { HostState, requireExecution } from "../transaction.js";

/** The state of a {@link Generator}. It can be stored as JSON, and continues the sequence elsewhere. */
export interface GeneratorState {
  readonly seed: number;
  /** The number of blocks of four words that have been drawn. */
  readonly counter: number;
}

const words = 2 ** 32;

/**
 * A seeded sequence of random numbers, by the counter-based generator Philox4x32-10 (Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"). A draw advances the position when it is *executed*. So a compiled function draws new numbers at each call,
 * the same as in eager execution.
 */
export class Generator {
  /** The seed of the sequence. */
  declare readonly seed: number;
  /** The number of blocks of four words that have been drawn. */
  declare readonly counter: number;
  readonly #state: HostState<GeneratorState>;

  /** @throws ArgumentError unless `seed` is a non-negative whole number up to 2⁵³ − 1. */
  constructor(seed: number) {
    this.#state = new HostState(requireState("Generator", { seed, counter: 0 }), "Generator");
    // Own properties, so that copies and comparisons by test tools see them.
    Object.defineProperties(this, {
      seed: { enumerable: true, get: () => this.#state.value.seed },
      counter: { enumerable: true, get: () => this.#state.value.counter },
    });
  }

  /** The seed and the position in the sequence, ready for JSON. */
  stateDict(): GeneratorState {
    return { ...this.#state.value };
  }

  /**
   * Continues the sequence from a seed and a position.
   * @throws ArgumentError unless both are non-negative whole numbers; TraceError inside a compiled function.
   */
  loadStateDict(stateDict: GeneratorState): void {
    this.#state.value = requireState("Generator.loadStateDict", stateDict);
  }

  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const { seed, counter } = this.#state.value;
    return `Generator { seed: ${seed}, counter: ${counter} }`;
  }

  /** Independent uniform whole numbers of `bits` bits (1 to 31: not negative; 32: all of int32), as an int32 tensor. */
  randomBits(shape: Shape, bits: number): Tensor {
    requireShape("Generator", shape, "int32");
    if (!Number.isInteger(bits) || bits < 1 || bits > 32) throw new ArgumentError(`Generator: ${describeValue(bits)} random bits, expected 1 to 32`);
    const blocks = Math.ceil(sizeOf(shape) / 4);
    const position = apply(primitives.hostCallback, [], { shape: [4], dtype: "int32", callback: () => this.#advance(blocks) });
    return apply(primitives.randomBits, [position], { shape: [...shape], bits });
  }

  /** Key and counter, in 32-bit words, of the next draw, which takes `blocks` blocks. */
  #advance(blocks: number): readonly number[] {
    const { seed, counter } = this.#state.value;
    this.#state.value = { seed, counter: counter + blocks };
    return [seed, seed / words, counter, counter / words].map((value) => Math.floor(value) | 0);
  }
}

function requireState(operation: string, state: GeneratorState): GeneratorState {
  const { seed, counter } = Object(state) as GeneratorState;
  for (const [name, value] of [["seed", seed], ["counter", counter]] as const) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new ArgumentError(`${operation}: ${name} is ${describeValue(value)}, expected a whole number from 0 to 2^53 - 1`);
    }
  }
  return { seed, counter };
}

/** The default generator. It is one of the few pieces of module state. */
let standard: Generator | undefined;

/** The generator that is used if none is passed. Its seed is random until {@link manualSeed} is called. */
export function defaultGenerator(): Generator {
  // Made in eager execution: a trace refuses to make generators, because it would make them only once.
  standard ??= withInterpreter(eagerInterpreter(), () => new Generator(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)));
  return standard;
}

/**
 * Restarts the sequence of the default generator from `seed`.
 * @throws ArgumentError unless `seed` is a non-negative whole number up to 2⁵³ − 1; TraceError inside a compiled function.
 */
export function manualSeed(seed: number): void {
  requireExecution("manualSeed", "would seed", "call it before the compiled function");
  defaultGenerator().loadStateDict(requireState("manualSeed", { seed, counter: 0 }));
}
