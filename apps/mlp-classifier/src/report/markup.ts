import { escapeControls } from "@nn/tensor/extend";

/** A piece of HTML or SVG that needs no escaping any more. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Fragment = Markup | string | number | null | undefined | false | readonly Fragment[];

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text with everything that means something in HTML written as an entity, and control characters as escapes. */
export function escapeHtml(text: string): string {
  return escapeControls(text).replace(/[&<>"']/g, (character) => entities[character] as string);
}

/** A template of HTML or SVG: what is put into it is escaped, unless it is markup itself; lists are joined, `null` and `false` are nothing. */
export function html(template: TemplateStringsArray, ...parts: readonly Fragment[]): Markup {
  return new Markup(template.map((text, at) => text + (at < parts.length ? render(parts[at]) : "")).join(""));
}

function render(part: Fragment): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return part.map(render).join("");
}
