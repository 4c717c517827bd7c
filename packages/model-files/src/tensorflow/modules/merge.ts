import { Module } from "@nn/layers";
import { concat, einsum, maximum, minimum, normalize, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { requireList } from "./requirements.js";

const merges = {
  add: (xs: readonly Tensor[]) => xs.reduce((a, b) => a.add(b)),
  subtract: (xs: readonly Tensor[]) => xs.reduce((a, b) => a.sub(b)),
  multiply: (xs: readonly Tensor[]) => xs.reduce((a, b) => a.mul(b)),
  average: (xs: readonly Tensor[]) => xs.reduce((a, b) => a.add(b)).div(xs.length),
  maximum: (xs: readonly Tensor[]) => xs.reduce((a, b) => maximum(a, b)),
  minimum: (xs: readonly Tensor[]) => xs.reduce((a, b) => minimum(a, b)),
} as const;

/** Combines tensors element by element. */
export class Merge extends Module {
  readonly kind: keyof typeof merges;

  constructor(kind: keyof typeof merges) {
    super();
    requireKind("Merge", "kind", kind, Object.keys(merges));
    this.kind = kind;
  }

  forward(...inputs: Tensor[]): Tensor {
    return merges[this.kind](inputs);
  }
}

/** Joins tensors along an axis. */
export class Join extends Module {
  readonly axis: number;

  constructor(axis: number) {
    super();
    requireKind("Join", "axis", axis, "integer");
    this.axis = axis;
  }

  forward(...inputs: Tensor[]): Tensor {
    return concat(inputs, this.axis);
  }
}

/** What lengths are at least when they divide: TensorFlow.js takes the square root of at least 1e-7. */
const leastLength = Math.sqrt(1e-7);

/** Scalar products along an axis of each of two tensors of rank 2 or 3: the other axes of the first, then those of the second. With `normalized`, of `x / max(‖x‖, √1e-7)`. */
export class Dot extends Module {
  readonly axes: readonly [a: number, b: number];
  readonly normalized: boolean;

  constructor(axes: readonly [a: number, b: number], normalized: boolean) {
    super();
    requireList("Dot", "axes", axes, [1, 2]);
    requireKind("Dot", "normalized", normalized, "boolean");
    this.axes = axes;
    this.normalized = normalized;
  }

  forward(...[a, b]: readonly [a: Tensor, b: Tensor]): Tensor {
    const [first, second] = this.axes;
    const names = (rank: number, along: number, own: string): string => Array.from({ length: rank }, (_, axis) => (axis === 0 ? "n" : axis === along ? "k" : own)).join("");
    const unit = (x: Tensor, axis: number): Tensor => (this.normalized ? normalize(x, { axis, epsilon: leastLength }) : x);
    const kept = `${a.rank > 2 ? "a" : ""}${b.rank > 2 ? "b" : ""}`;
    const result = einsum(`${names(a.rank, first, "a")},${names(b.rank, second, "b")}->n${kept}`, unit(a, first), unit(b, second));
    return kept === "" ? result.unsqueeze(1) : result;
  }
}
