/** Control, format and separator characters: they move the cursor, ring the bell, change the direction of text, or are invisible. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Replaces control, direction and invisible characters by escapes, as in JSON (`\u001b`, `\u202e`). Use it for text from outside (a file, a
 * server) that goes to a terminal.
 */
export function escapeControls(text: string): string {
  // JSON escapes some of them. Of the others, each code unit is escaped here.
  return text.replace(unsafe, (character) => JSON.stringify(character).slice(1, -1).replace(/[^ -~]/g, unit));
}

function unit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * Formats a text for an error message: in quotes, with escapes, and cut after `longest` characters.
 *
 * @example
 * ```ts
 * import { quote } from "@nn/tensor/extend";
 * quote("red\u202e\u001b[2J"); // => '"red\\u202e\\u001b[2J"'
 * ```
 */
export function quote(text: string, longest = 60): string {
  if (text.length <= longest) return escapeControls(JSON.stringify(text));
  // Do not cut between the two code units of one character.
  const end = longest - (/[\ud800-\udbff]/.test(text.charAt(longest - 1)) ? 1 : 0);
  return escapeControls(JSON.stringify(`${text.slice(0, end)}…`));
}
