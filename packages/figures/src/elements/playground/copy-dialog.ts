import { html, type TemplateResult } from "lit";
import type { Text } from "./words.js";

/** What a dialog shows: a program, or an address. */
export interface Shown {
  readonly kind: "program" | "share";
  readonly text: string;
  readonly note: string;
}

/** A text to copy, or to save as a file. */
export function copyDialog(text: Text, { kind, text: content, note }: Shown, close: () => void, say: (message: string) => void): TemplateResult {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(content);
      say(text.copied);
    } catch {
      say(text.notCopied);
    }
  };
  return html`
    <header><h2>${kind === "program" ? text.program : text.share}</h2><button type="button" class="small" aria-label=${text.close} @click=${close}>✕</button></header>
    <p>${kind === "program" ? text.programText : text.shareText}</p>
    <pre tabindex="0" data-copy=${kind}>${content}</pre>
    <p class="note" role="status">${note}</p>
    <div class="buttons"><button type="button" class="main" @click=${copy}>${text.copy}</button>${kind === "program" ? html`<a class="button" download="playground.ts" href=${`data:text/plain;charset=utf-8,${encodeURIComponent(content)}`}>${text.save}</a>` : ""}</div>`;
}
