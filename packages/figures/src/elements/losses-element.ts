import { LossOutliersElement } from "./loss-outliers-element.js";
import { LossProxyElement } from "./loss-proxy-element.js";
import { LossScoresElement } from "./loss-scores-element.js";
import { LossUncertaintyElement } from "./loss-uncertainty-element.js";
import { ViewsElement, type View } from "./views-element.js";
import type { Words } from "./words.js";

const words: Words<"view" | "outliers" | "classes" | "uncertainty" | "proxy"> = {
  en: { view: "View", outliers: "outliers", classes: "classes", uncertainty: "uncertainty", proxy: "a proxy" },
  ko: { view: "보기", outliers: "이상치", classes: "분류", uncertainty: "불확실성", proxy: "대신하는 값" },
};

/** Losses: what an outlier does, softmax with cross-entropy, the Gaussian likelihood, and a loss that stands for what is wanted. */
export class LossesElement extends ViewsElement {
  protected override legend(): string {
    return words[this.language].view;
  }

  protected override views(): Readonly<Record<string, View>> {
    const text = words[this.language];
    return {
      outliers: { text: text.outliers, element: LossOutliersElement },
      classes: { text: text.classes, element: LossScoresElement },
      uncertainty: { text: text.uncertainty, element: LossUncertaintyElement },
      proxy: { text: text.proxy, element: LossProxyElement },
    };
  }
}
