import { renderToString } from "katex";
import type { MarkdownRenderer } from "vitepress";

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
    if (!silent) state.push("formula", "math", 0).content = `<span class="formula${display ? ' display" tabindex="0' : ""}" v-pre>${typeset}</span>`;
    state.pos = end + mark.length;
    return true;
  });
  markdown.renderer.rules["formula"] = (tokens, at) => tokens[at]?.content ?? "";
}
