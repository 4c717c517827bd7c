import { GapView } from "./attention-gap-view.js";
import { MapView } from "./attention-map-view.js";
import { WritingView } from "./attention-writing-view.js";
import { ViewsElement, type View } from "./views-element.js";
import type { Words } from "./words.js";

const words: Words<"view" | "map" | "gpt" | "bert"> = {
  en: { view: "View", map: "attention map", gpt: "GPT writes", bert: "BERT fills a gap" },
  ko: { view: "보기", map: "어텐션 맵", gpt: "GPT의 글쓰기", bert: "BERT의 빈칸 채우기" },
};

/** Attention: the map of a transformer that sorts, a small GPT that writes, and a small BERT that fills a gap. */
export class AttentionElement extends ViewsElement {
  protected override legend(): string {
    return words[this.language].view;
  }

  protected override views(): Readonly<Record<string, View>> {
    const text = words[this.language];
    return {
      map: { text: text.map, element: MapView },
      gpt: { text: text.gpt, element: WritingView },
      bert: { text: text.bert, element: GapView },
    };
  }
}
