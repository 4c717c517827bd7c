import { OptimizersBatchesElement } from "./optimizers-batches-element.js";
import { OptimizersNetworkElement } from "./optimizers-network-element.js";
import { OptimizersSurfaceElement } from "./optimizers-surface-element.js";
import { ViewsElement, type View } from "./views-element.js";
import type { Words } from "./words.js";

const words: Words<"view" | "surface" | "network" | "batches"> = {
  en: { view: "View", surface: "a surface", network: "a network", batches: "batches" },
  ko: { view: "보기", surface: "곡면", network: "신경망", batches: "배치" },
};

/** Optimizers that race on a surface and on a network, and one of them with batches of three sizes. */
export class OptimizersElement extends ViewsElement {
  protected override legend(): string {
    return words[this.language].view;
  }

  protected override views(): Readonly<Record<string, View>> {
    const text = words[this.language];
    return {
      surface: { text: text.surface, element: OptimizersSurfaceElement },
      network: { text: text.network, element: OptimizersNetworkElement },
      batches: { text: text.batches, element: OptimizersBatchesElement },
    };
  }
}
