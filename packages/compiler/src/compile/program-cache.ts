import type { Tensor } from "@nn/tensor";
import type { Graph } from "../ir/graph.js";
import type { Executable } from "../runtime/executable.js";
import type { Guard } from "../trace/trace.js";
import { formatArguments, matched, type Signature } from "./signature.js";

/** A program with the conditions under which it is used. */
export interface CachedProgram {
  readonly signature: Signature;
  readonly result: Signature;
  readonly guards: readonly Guard[];
  readonly receiver: Receiver;
  readonly executable: Executable;
  /** The graph as it was traced, if the compiler can list it. */
  readonly traced: Graph | undefined;
}

/** A program that fits a call, with the tensors among the arguments. */
export interface Hit {
  readonly program: CachedProgram;
  readonly tensors: readonly Tensor[];
}

/** The `this` with which a function was traced. It is held weakly, because a compiled function is often a field of the object that it is called on. */
export type Receiver = { readonly object: WeakRef<object> } | { readonly value: unknown };

export function receiverOf(value: unknown): Receiver {
  return (typeof value === "object" && value !== null) || typeof value === "function" ? { object: new WeakRef(value) } : { value };
}

export function currentReceiver(receiver: Receiver): unknown {
  return "object" in receiver ? receiver.object.deref() : receiver.value;
}

function isReceiver(receiver: Receiver, value: unknown): boolean {
  return "object" in receiver ? value !== undefined && receiver.object.deref() === value : Object.is(receiver.value, value);
}

/** The programs of one function, the most recently used first. */
export class ProgramCache {
  readonly #limit: number;
  #programs: CachedProgram[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get latest(): CachedProgram | undefined {
    return this.#programs[0];
  }

  find(receiver: unknown, args: readonly unknown[]): Hit | undefined {
    for (const [at, program] of this.#programs.entries()) {
      const tensors = matched(program.signature, args);
      if (tensors === undefined || !isReceiver(program.receiver, receiver) || !program.guards.every(({ read, value }) => Object.is(read(), value))) continue;
      if (at > 0) this.#programs.unshift(...this.#programs.splice(at, 1));
      return { program, tensors };
    }
    return undefined;
  }

  add(program: CachedProgram): void {
    this.#programs.unshift(program);
    for (const old of this.#programs.splice(this.#limit)) old.executable.dispose();
  }

  /** One line about the programs, for listings. */
  get summary(): string {
    const { latest } = this;
    if (latest === undefined) return "no program yet";
    const kernels = latest.executable.image.plan.kernels.length;
    const others = this.#programs.length > 1 ? `; ${this.#programs.length} programs in all` : "";
    return `${formatArguments(latest.signature)} in ${kernels} kernel${kernels === 1 ? "" : "s"}${others}; explain() lists them`;
  }

  clear(): void {
    for (const { executable } of this.#programs.splice(0)) executable.dispose();
  }
}
