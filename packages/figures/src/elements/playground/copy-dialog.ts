import { html, type TemplateResult } from "lit";
import type { Text } from "./words.js";

/** What can be exported: the program that trains, or the network as it is trained. */
export const exports = ["program", "network"] as const;
export type Export = (typeof exports)[number];

/** What a dialog shows: something to export, or an address. */
export interface Shown {
  readonly kind: Export | "share";
  readonly text: string;
  readonly note: string;
}

interface CopyActions {
  readonly close: () => void;
  /** Shows another export. */
  readonly choose: (kind: Export) => void;
  readonly say: (message: string) => void;
}

const explanations = { program: "programText", network: "networkText", share: "shareText" } as const satisfies Readonly<Record<Shown["kind"], keyof Text>>;
const files: Readonly<Record<Export, string>> = { program: "playground.ts", network: "network.js" };

/** A text to copy, or to save as a file. */
export function copyDialog(text: Text, { kind, text: content, note }: Shown, { close, choose, say }: CopyActions): TemplateResult {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(content);
      say(text.copied);
    } catch {
      say(text.notCopied);
    }
  };
  return html`
    <header><h2>${kind === "share" ? text.share : text.export}</h2><button type="button" class="small" aria-label=${text.close} @click=${close}>✕</button></header>
    ${kind === "share" ? "" : html`<div class="buttons">${exports.map((each) => html`<button type="button" aria-pressed=${each === kind} @click=${() => choose(each)}>${text[each]}</button>`)}</div>`}
    <p>${text[explanations[kind]]}</p>
    <pre tabindex="0" data-copy=${kind}>${content}</pre>
    <p class="note" role="status">${note}</p>
    <div class="buttons"><button type="button" class="main" @click=${copy}>${text.copy}</button>${kind === "share" ? "" : html`<a class="button" download=${files[kind]} href=${`data:text/plain;charset=utf-8,${encodeURIComponent(content)}`}>${text.save}</a>`}</div>`;
}
