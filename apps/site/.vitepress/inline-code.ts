import type { MarkdownRenderer } from "vitepress";

/** Code in the cells of tables, which are narrow: words of more signs are divided. */
const longestInCell = 12;
/** Where they are: behind a slash, a point, an underscore or a bracket, not before the ending of a file; and before a word that begins with a capital letter,
 * but not within `ReLU` and `NaN`. */
const divisions = /[/._](?=[A-Za-z])(?!\w{1,4}$)|\((?=[A-Za-z&[{])|[a-z0-9](?=[A-Z][a-z])(?<!Re(?=LU))(?!NaN$)/g;

/** Of code that has at most so many signs, and of options, no line ends at a hyphen, a slash or a space. */
const longestWhole = 16;
const option = /^--[\w-]{1,22}$/;

/** Longer paths than a line of a phone has signs are divided behind a slash in texts too. */
const longestPath = 36;

const whole = (code: string): string => (/[-/\s]/.test(code) ? `<span class="whole">${code}</span>` : code);

function written(code: string, isInCell: boolean): string {
  if (code.length <= (isInCell ? longestInCell : longestWhole)) return whole(code);
  return code.replace(/\S+/g, (word) => {
    if (option.test(word) || word.length <= longestInCell) return whole(word);
    if (isInCell) return word.replace(divisions, "$&<wbr>");
    return word.length > longestPath ? word.replace(/\/(?=\w)/g, "$&<wbr>") : word;
  });
}

/** Code within a line is divided between its words first. */
export function divideInlineCode(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("inline-code", ({ tokens }) => {
    for (const [at, { type, children }] of tokens.entries()) {
      if (type !== "inline" || tokens[at - 1]?.type !== "td_open") continue;
      for (const token of children ?? []) if (token.type === "code_inline") token.meta = { isInCell: true };
    }
  });
  const render = markdown.renderer.rules.code_inline;
  if (render === undefined) throw new Error("Markdown has no rule for code in a line");
  markdown.renderer.rules.code_inline = (tokens, at, ...others) => {
    const meta = tokens[at]?.meta as { readonly isInCell?: boolean } | null | undefined;
    return render(tokens, at, ...others).replace(/(?<=>)[^<]+/, (code) => written(code, meta?.isInCell === true));
  };
}
