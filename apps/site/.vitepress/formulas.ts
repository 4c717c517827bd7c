import { renderToString } from "katex";
import type { MarkdownRenderer } from "vitepress";

/** Formulas in a line that have at most so many signs are not broken. */
const longestWhole = 16;
const signsOf = (formula: string): number => formula.replaceAll(/\\[a-z]+/gi, "x").replaceAll(/[\\{}^_,\s]/g, "").length;

/** No line ends between a formula and what stands beside it without a space: a full stop, or a Korean particle. */
const joined = (neighbour: string | undefined): string => (neighbour === undefined || /[\s$*_]/.test(neighbour) ? "" : "\u2060");

/** Formulas between dollar signs: KaTeX typesets them when the site is built, so pages load its style and fonts, and no script. */
export function formulas(markdown: MarkdownRenderer): void {
  markdown.inline.ruler.before("escape", "formula", (state, silent) => {
    const { src, pos } = state;
    if (src[pos] !== "$") return false;
    const display = src.startsWith("$$", pos);
    const mark = display ? "$$" : "$";
    const end = src.indexOf(mark, pos + mark.length);
    const formula = src.slice(pos + mark.length, end);
    if (end < 0 || formula === "" || formula.includes("\n") || formula.startsWith(" ") || formula.endsWith(" ")) return false;
    // Formulas side by side stand one below the other where a page is narrow.
    const parts = display ? formula.split(/\s*\\qquad\s*/) : [formula];
    const typeset = parts.map((part) => renderToString(part, { output: "htmlAndMathml", displayMode: display, throwOnError: true })).join("");
    const next = end + mark.length;
    const form = display ? ' display" tabindex="0' : signsOf(formula) <= longestWhole ? " whole" : "";
    if (!silent) state.push("formula", "math", 0).content = `${joined(src[pos - 1])}<span class="formula${form}" v-pre>${typeset}</span>${joined(src[next])}`;
    state.pos = next;
    return true;
  });
  markdown.renderer.rules["formula"] = (tokens, at) => tokens[at]?.content ?? "";
}
