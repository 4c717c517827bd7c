/** A value as JavaScript, which may stand in a script of an HTML page too. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", String.raw`\u003c`).replaceAll("\u2028", String.raw`\u2028`).replaceAll("\u2029", String.raw`\u2029`);
}

/** A text in a comment of one line. */
export const comment = (text: string): string => `// ${literal(text).slice(1, -1).replaceAll(String.raw`\"`, '"').replaceAll(String.raw`\\`, "\\")}`;
