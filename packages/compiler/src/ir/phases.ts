import { childrenOf, type LoopKernel, type Store, type Value } from "./program.js";
import { opKinds } from "./op-kinds.js";
import { remember } from "./remember.js";

/** Where in a loop kernel a value can first be computed. */
export interface Stage {
  /** The number of rounds of reductions that come before. */
  readonly phase: number;
  /** Whether the value differs from one inner iteration to the next. */
  readonly inner: boolean;
}

/** The order of the work in a loop kernel with reductions: in which pass over the inner loops each value is computed. */
export class Phases {
  readonly #reduced: readonly boolean[];
  readonly #stages = new Map<Value, Stage>();
  /** The reductions, in the order in which they can be finished. */
  readonly reductions: (Value & { kind: "reduce" })[] = [];
  /** Number of passes over the inner loops; 1 without reductions. */
  readonly count: number;

  constructor(kernel: Pick<LoopKernel, "reduced" | "stores">) {
    this.#reduced = kernel.reduced;
    let count = 0;
    for (const store of kernel.stores) {
      const { phase, inner } = this.storeStage(store);
      count = Math.max(count, inner || !kernel.reduced.includes(true) ? phase + 1 : phase);
    }
    this.count = Math.max(1, count);
  }

  /** When a store is made: in the inner iterations if its value or its position differs between them. */
  storeStage({ value, at }: Store): Stage {
    const { phase, inner } = this.stage(value);
    return { phase, inner: inner || this.#varies(at.coefficients) };
  }

  /** When a value is computed. */
  stage(value: Value): Stage {
    const known = this.#stages.get(value);
    if (known !== undefined) return known;
    const stage = this.#find(value);
    this.#stages.set(value, stage);
    if (value.kind === "reduce") this.reductions.push(value);
    return stage;
  }

  #find(value: Value): Stage {
    if (value.kind === "reduce") return { phase: this.stage(value.input).phase + 1, inner: false };
    let phase = 0;
    let inner = "at" in value && this.#varies(value.at.coefficients);
    for (const child of childrenOf(value)) {
      const stage = this.stage(child);
      phase = Math.max(phase, stage.phase);
      inner ||= stage.inner;
    }
    return { phase, inner };
  }

  #varies(coefficients: readonly number[]): boolean {
    return coefficients.some((coefficient, axis) => coefficient !== 0 && this.#reduced[axis] === true);
  }
}

/** The phases of a kernel, or of the loop nest of an evaluation. */
export const phasesOf = /* @__PURE__ */ remember((kernel: Pick<LoopKernel, "reduced" | "stores">) => new Phases(kernel));

/**
 * The stores whose values a later pass reads back: costly inner values of an earlier pass. A later pass computes all other values
 * again.
 */
export function reloads(kernel: Pick<LoopKernel, "reduced" | "stores">, phases: Phases): Map<Value, Store> {
  const result = new Map<Value, Store>();
  if (phases.reductions.length === 0) return result;
  const stored = new Map(kernel.stores.map((store) => [store.value, store]));
  const seen = new Map<Value, Set<number>>();
  /** Visits what pass `phase` needs to compute `value`. */
  const visit = (value: Value, phase: number): void => {
    const passes = seen.get(value) ?? new Set<number>();
    if (passes.has(phase)) return;
    seen.set(value, passes.add(phase));
    const stage = phases.stage(value);
    const store = stored.get(value);
    if (store !== undefined && stage.inner && stage.phase < phase && isCostly(value)) result.set(value, store);
    else if (value.kind === "reduce") visit(value.input, stage.phase - 1);
    else childrenOf(value).forEach((input) => visit(input, phase));
  };
  for (const { value } of kernel.stores) visit(value, phases.stage(value).phase);
  return result;
}

/** Whether a value is worth writing in one pass and reading in a later one, instead of computing it again. */
function isCostly(value: Value): boolean {
  return value.kind === "apply" && (opKinds[value.primitive] === "function" || value.inputs.some(isCostly));
}
