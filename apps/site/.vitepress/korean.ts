import type { MarkdownRenderer } from "vitepress";

/** Signs after which a line may end, though a Korean particle follows: "10%라면", "기울기(gradient)는". */
const beforeParticle = /(?<=[%)\]}”’…])(?=\p{Script=Hangul})/gu;

/** No line of a Korean page ends between a word and its particle. `word-break: keep-all` keeps letters together, and not a letter with the sign or the code before it. */
export function wholeWords(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("whole-words", ({ env, tokens }) => {
    if (!(env as { readonly relativePath?: string }).relativePath?.startsWith("ko/")) return;
    for (const { children } of tokens) {
      for (const [at, token] of (children ?? []).entries()) {
        if (token.type !== "text") continue;
        const afterCode = children?.[at - 1]?.type === "code_inline";
        token.content = token.content.replace(beforeParticle, "\u2060").replace(/^(?=\p{Script=Hangul})/u, afterCode ? "\u2060" : "");
      }
    }
  });
}
