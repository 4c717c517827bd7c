import { html, type TemplateResult } from "lit";
import type { FileContent } from "../../tasks/task.js";
import { filled } from "../words.js";
import type { Text } from "./words.js";

/** What can be exported: the program that trains, or the network as it is trained. */
export const exports = ["program", "network", "onnx"] as const;
export type Export = (typeof exports)[number];

/** What a dialog shows: something to export, or an address. */
export interface Shown {
  readonly kind: Export | "share";
  readonly content: FileContent;
  readonly note: string;
}

interface CopyActions {
  readonly close: () => void;
  /** Shows another export. */
  readonly choose: (kind: Export) => void;
  readonly say: (message: string) => void;
}

const explanations = { program: "programText", network: "networkText", onnx: "onnxText", share: "shareText" } as const satisfies Readonly<Record<Shown["kind"], keyof Text>>;
const files: Readonly<Record<Export, string>> = { program: "playground.ts", network: "network.js", onnx: "network.onnx" };

/** A text to copy, or to save as a file; bytes can only be saved. */
export function copyDialog(text: Text, { kind, content, note }: Shown, { close, choose, say }: CopyActions): TemplateResult {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(String(content));
      say(text.copied);
    } catch {
      say(text.notCopied);
    }
  };
  return html`
    <header><h2>${kind === "share" ? text.share : text.export}</h2><button type="button" class="small" aria-label=${text.close} @click=${close}>✕</button></header>
    ${kind === "share" ? "" : html`<div class="buttons">${exports.map((each) => html`<button type="button" aria-pressed=${each === kind} @click=${() => choose(each)}>${text[each]}</button>`)}</div>`}
    <p>${text[explanations[kind]]}</p>
    ${typeof content === "string" ? html`<pre tabindex="0" data-copy=${kind}>${content}</pre>` : html`<p data-copy=${kind} data-bytes=${content.length}>${filled(text.bytes, content.length.toLocaleString("en"))}</p>`}
    <p class="note" role="status">${note}</p>
    <div class="buttons">
      ${typeof content === "string" ? html`<button type="button" class="main" @click=${copy}>${text.copy}</button>` : ""}
      ${kind === "share" ? "" : html`<a class="button" download=${files[kind]} href=${addressOf(content)}>${text.save}</a>`}
    </div>`;
}

/** A file as an address. */
function addressOf(content: FileContent): string {
  if (typeof content === "string") return `data:text/plain;charset=utf-8,${encodeURIComponent(content)}`;
  return `data:application/octet-stream;base64,${btoa(Array.from(content, (byte) => String.fromCharCode(byte)).join(""))}`;
}
