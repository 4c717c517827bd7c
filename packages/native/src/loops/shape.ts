import { elementCost, Phases, reloads, childrenOf, valuesOf, type Affine, type LoopKernel, type Store, type Value } from "@nn/compiler/target";
import { isSupportedStride, strideParts } from "../values/strided.js";
import type { Level } from "../vectors/level.js";

/** A vector of a loop body is computed together with others, so that their instructions overlap. With more work in each, registers run out. */
function unrollOf(values: readonly Value[]): 1 | 2 | 4 {
  const cost = values.reduce((sum, value) => sum + (value.kind === "apply" ? elementCost(value.primitive) : 0), 0);
  return cost > 64 ? 1 : cost > 24 ? 2 : 4;
}

/** What follows from a loop nest: its axes, the order of its work, and what depends on what. */
export class Shape {
  readonly kernel: LoopKernel;
  /** The axis whose neighbouring elements lie in the lanes. A loop nest without loops has one of length 1. */
  readonly vectorAxis: number;
  /** The reduced axes, outermost first. */
  readonly inner: readonly number[];
  /** The axes that are neither reduced nor in the lanes, outermost first. */
  readonly outer: readonly number[];
  /** Whether the lanes hold elements of one reduction. */
  readonly reducesLanes: boolean;
  readonly phases: Phases;
  readonly reloads: ReadonlyMap<Value, Store>;
  readonly #axes = new Map<Value, ReadonlySet<number>>();

  constructor(kernel: LoopKernel) {
    const { domain, reduced } = kernel;
    const axes = domain.map((_, axis) => axis);
    this.kernel = kernel;
    this.vectorAxis = Math.max(0, domain.length - 1);
    this.inner = axes.filter((axis) => reduced[axis] === true);
    this.outer = axes.filter((axis) => reduced[axis] !== true && axis !== this.vectorAxis);
    this.reducesLanes = reduced[this.vectorAxis] === true;
    this.phases = new Phases(kernel);
    this.reloads = reloads(kernel, this.phases);
  }

  size(axis: number): number {
    return this.kernel.domain[axis] ?? 1;
  }

  /** What a position adds from one lane to the next. */
  laneStep({ coefficients }: Affine): number {
    return this.kernel.domain.length === 0 ? 1 : (coefficients[this.vectorAxis] ?? 0);
  }

  /** The lengths of parts of vectors that reads with a stride need, besides those of the ends of lines. */
  strideParts(lanes: number): readonly number[] {
    const steps = [...valuesOf(this.kernel)].flatMap((value) => (value.kind === "load" ? this.laneStep(value.at) : []));
    const counts = [lanes, this.size(this.vectorAxis) % lanes].filter((count) => count > 0);
    return steps.filter((step) => step !== 1 && isSupportedStride(step)).flatMap((step) => counts.flatMap((count) => strideParts(step, count, lanes)));
  }

  /** How many vectors along the axis of the lanes are computed together: no more than there are, and so few that totals take half of the registers at most. */
  unroll({ lanes, registers }: Level): number {
    const totals = this.phases.reductions.length * 2;
    let unroll: number = unrollOf([...valuesOf(this.kernel)].filter((value) => this.inner.length === 0 || this.phases.stage(value).inner));
    while (unroll > 1 && (unroll * lanes > this.size(this.vectorAxis) || unroll * totals > registers / 2)) unroll /= 2;
    return unroll;
  }

  /** The loops over which a value varies. */
  axesOf(value: Value): ReadonlySet<number> {
    const known = this.#axes.get(value);
    if (known !== undefined) return known;
    const axes = new Set(childrenOf(value).flatMap((child) => [...this.axesOf(child)]));
    if (value.kind === "load" || value.kind === "gather" || value.kind === "position") {
      value.at.coefficients.forEach((coefficient, axis) => coefficient !== 0 && axes.add(axis));
      if (this.kernel.domain.length === 0) axes.add(0);
    }
    if (value.kind === "reduce") for (const axis of this.inner) axes.delete(axis);
    this.#axes.set(value, axes);
    return axes;
  }

  /** Whether a value differs from one lane to the next. */
  variesInLanes(value: Value): boolean {
    return this.axesOf(value).has(this.vectorAxis);
  }

  /** Stores that are made once for all inner iterations. */
  get lastStores(): readonly Store[] {
    return this.kernel.stores.filter((store) => this.inner.length === 0 || !this.phases.storeStage(store).inner);
  }
}
