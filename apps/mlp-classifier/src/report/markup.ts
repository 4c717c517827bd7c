import { escapeControls } from "@nn/tensor/extend";

/** A piece of HTML or SVG that is escaped already. */
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

/** Escapes a text: the special characters of HTML become entities, and control characters become escapes. */
export function escapeHtml(text: string): string {
  return escapeControls(text).replace(/[&<>"']/g, (character) => entities[character] as string);
}

/** A template of HTML or SVG. Values are escaped unless they are markup; lists are joined; `null` and `false` give nothing. */
export function html(template: TemplateStringsArray, ...parts: readonly Fragment[]): Markup {
  return new Markup(template.map((text, at) => text + (at < parts.length ? render(parts[at]) : "")).join(""));
}

function render(part: Fragment): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return part.map(render).join("");
}
