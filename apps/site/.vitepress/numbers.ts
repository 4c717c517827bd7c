import type { MarkdownRenderer } from "vitepress";

/** The space between a number and its unit, and between a sign of comparison and its number. */
const within = /(?<=\d) (?=(?:%|[µnm]?s|[kMGT]i?B(?:\/s)?|[MG]FLOP(?:\/s)?|dB|MW|Hz)(?![\p{L}\d]))|(?<=(?:^|\s)(?:<=|>=|[<>≤≥≈±])) (?=\d)/gu;

/** No line ends between a number and its unit. */
export function wholeNumbers(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("whole-numbers", ({ tokens }) => {
    for (const { children } of tokens) {
      for (const token of children ?? []) if (token.type === "text") token.content = token.content.replace(within, "\u00A0");
    }
  });
}
