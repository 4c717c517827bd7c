import { withBase } from "vitepress";
import type { NameTypes } from "../build/types.js";

const known = new Map<string, Promise<NameTypes | undefined>>();

/** The types of the names in a program. */
function typesOf(program: string): Promise<NameTypes | undefined> {
  const types = known.get(program) ?? fetch(withBase(`/run/types/${program}.json`)).then((response) => (response.ok ? (response.json() as Promise<NameTypes>) : undefined), () => undefined);
  known.set(program, types);
  return types;
}

const tip = document.createElement("div");
tip.className = "type-tip";
tip.setAttribute("aria-hidden", "true");
tip.hidden = true;

export const hideTip = (): void => {
  tip.hidden = true;
};

/** Shows the type of the name at a point of the code of a program. */
export async function showTip(code: HTMLElement, program: string, x: number, y: number): Promise<void> {
  const at = offsetAt(code, x, y);
  const types = at === undefined || code.isContentEditable ? undefined : await typesOf(program);
  const name = types?.names.find(([start, length]) => at !== undefined && at >= start && at < start + length);
  const range = name === undefined ? undefined : rangeOf(code, name[0], name[1]);
  const box = range?.getBoundingClientRect();
  if (name === undefined || box === undefined || x < box.left || x > box.right || y < box.top || y > box.bottom) return hideTip();
  const [declaration = "", sentence = ""] = (types?.texts[name[2]] ?? "").split("\n\n");
  tip.replaceChildren(textIn("code", declaration), ...(sentence === "" ? [] : [textIn("p", sentence)]));
  tip.hidden = false;
  document.body.append(tip);
  tip.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${box.bottom + 6 + tip.offsetHeight > window.innerHeight ? box.top - tip.offsetHeight - 6 : box.bottom + 6}px`;
}

function textIn(element: string, text: string): HTMLElement {
  const made = document.createElement(element);
  made.textContent = text;
  return made;
}

/** Which character of the code is at a point. */
function offsetAt(code: HTMLElement, x: number, y: number): number | undefined {
  const caret = caretAt(x, y);
  if (caret === undefined || !code.contains(caret.node)) return undefined;
  const before = document.createRange();
  before.setStart(code, 0);
  before.setEnd(caret.node, caret.offset);
  const offset = before.toString().length;
  // A caret stands between characters: the one that is meant may be before it.
  const box = rangeOf(code, offset, 1)?.getBoundingClientRect();
  return box !== undefined && x < box.left ? offset - 1 : offset;
}

/** Browsers name the place of a point in two ways. */
function caretAt(x: number, y: number): { readonly node: Node; readonly offset: number } | undefined {
  if ("caretPositionFromPoint" in document) {
    const place = document.caretPositionFromPoint(x, y);
    return place === null ? undefined : { node: place.offsetNode, offset: place.offset };
  }
  const range = (document as Document).caretRangeFromPoint(x, y);
  return range === null ? undefined : { node: range.startContainer, offset: range.startOffset };
}

/** The characters of the code from `start` on. */
function rangeOf(code: HTMLElement, start: number, length: number): Range | undefined {
  const range = document.createRange();
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  let passed = 0;
  let hasStart = false;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const size = node.textContent?.length ?? 0;
    if (!hasStart && start < passed + size) {
      range.setStart(node, start - passed);
      hasStart = true;
    }
    if (hasStart && start + length <= passed + size) {
      range.setEnd(node, start + length - passed);
      return range;
    }
    passed += size;
  }
  return undefined;
}
