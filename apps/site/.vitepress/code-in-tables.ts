import type { MarkdownRenderer } from "vitepress";

/** Words of code that have at most so many signs are not divided. */
const longestWhole = 16;
/** Where longer ones are: behind a slash, a point, an underscore or a bracket, not before the ending of a file. */
const divisions = /[/._](?=[A-Za-z])(?!\w{1,4}$)|\((?=[\w&[{])/g;

const divided = (code: string): string => code.replace(/\S+/g, (word) => (word.length > longestWhole ? word.replace(divisions, "$&<wbr>") : word));

/** Code in the cells of tables, which are narrow, is divided between its words first. */
export function divideCodeInTables(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("code-in-tables", ({ tokens }) => {
    for (const [at, { type, children }] of tokens.entries()) {
      if (type !== "inline" || tokens[at - 1]?.type !== "td_open") continue;
      for (const token of children ?? []) if (token.type === "code_inline") token.meta = { isInCell: true };
    }
  });
  const render = markdown.renderer.rules.code_inline;
  if (render === undefined) throw new Error("Markdown has no rule for code in a line");
  markdown.renderer.rules.code_inline = (tokens, at, ...others) => {
    const html = render(tokens, at, ...others);
    const meta = tokens[at]?.meta as { readonly isInCell?: boolean } | null | undefined;
    return meta?.isInCell === true ? html.replace(/(?<=>)[^<]+/, divided) : html;
  };
}
