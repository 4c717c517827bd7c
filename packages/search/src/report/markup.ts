import { escapeControls } from "@nn/tensor/extend";

/** A piece of HTML or SVG that is already escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Fragment = Markup | string | number | undefined | readonly Fragment[];

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A template of HTML or SVG. Values are escaped unless they are markup; lists are joined; `undefined` gives nothing. */
export function html(template: TemplateStringsArray, ...parts: readonly Fragment[]): Markup {
  return new Markup(template.map((text, at) => text + (at < parts.length ? render(parts[at]) : "")).join(""));
}

function render(part: Fragment): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return escapeControls(String(part)).replace(/[&<>"']/g, (character) => entities[character] ?? "");
  return part.map(render).join("");
}
