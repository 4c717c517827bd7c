import { Module } from "@nn/layers";
import { concat, flip, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { requireModule } from "./requirements.js";

const joins = {
  concat: (a: Tensor, b: Tensor) => concat([a, b], -1),
  sum: (a: Tensor, b: Tensor) => a.add(b),
  ave: (a: Tensor, b: Tensor) => a.add(b).div(2),
  mul: (a: Tensor, b: Tensor) => a.mul(b),
} as const;

/** How the outputs of both directions are joined; with `null` both are results. */
export type MergeMode = keyof typeof joins | null;

export const mergeModes: readonly MergeMode[] = [...(Object.keys(joins) as (keyof typeof joins)[]), null];

/** A recurrent layer in both directions. The layers may return their states after the output; these are results too, those of the forward layer first. */
export class Bidirectional extends Module {
  readonly forwardLayer: Module;
  readonly backwardLayer: Module;
  readonly mergeMode: MergeMode;
  readonly all: boolean;

  /** @param all Whether the layers return the outputs at all steps: those of the backward layer come in the order in which it computes them. */
  constructor(forwardLayer: Module, backwardLayer: Module, mergeMode: MergeMode, all: boolean) {
    super();
    requireModule("Bidirectional", "forwardLayer", forwardLayer);
    requireModule("Bidirectional", "backwardLayer", backwardLayer);
    requireKind("Bidirectional", "mergeMode", mergeMode, mergeModes);
    requireKind("Bidirectional", "all", all, "boolean");
    this.forwardLayer = forwardLayer;
    this.backwardLayer = backwardLayer;
    this.mergeMode = mergeMode;
    this.all = all;
  }

  forward(...inputs: Tensor[]): Tensor | Tensor[] {
    const [ahead, back] = [this.forwardLayer, this.backwardLayer].map((layer) => [Reflect.apply(layer.forward, layer, inputs) as Tensor | Tensor[]].flat()) as [Tensor[], Tensor[]];
    const [output, ...states] = ahead as [Tensor, ...Tensor[]];
    const [reverse, ...others] = back as [Tensor, ...Tensor[]];
    const inOrder = this.all ? flip(reverse, 1) : reverse;
    const joined = this.mergeMode === null ? [output, inOrder] : [joins[this.mergeMode](output, inOrder)];
    const results = [...joined, ...states, ...others];
    return results.length === 1 ? results[0] as Tensor : results;
  }
}
