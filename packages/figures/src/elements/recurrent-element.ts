import { GradientView } from "./recurrent-gradient-view.js";
import { MemoryView } from "./recurrent-memory-view.js";
import { ShapesView } from "./recurrent-shapes-view.js";
import { ViewsElement, type View } from "./views-element.js";
import type { Words } from "./words.js";

const words: Words<"view" | "gradient" | "memory" | "shapes"> = {
  en: { view: "View", gradient: "gradient through time", memory: "memory", shapes: "four shapes" },
  ko: { view: "보기", gradient: "시간을 거슬러 가는 기울기", memory: "기억", shapes: "네 가지 구조" },
};

/** Recurrent networks: the gradient through time, what gates remember, and the four shapes. */
export class RecurrentElement extends ViewsElement {
  protected override legend(): string {
    return words[this.language].view;
  }

  protected override views(): Readonly<Record<string, View>> {
    const text = words[this.language];
    return {
      gradient: { text: text.gradient, element: GradientView },
      memory: { text: text.memory, element: MemoryView },
      shapes: { text: text.shapes, element: ShapesView },
    };
  }
}
