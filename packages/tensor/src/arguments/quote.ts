/** Control, format and separator characters: they move the cursor, ring the bell, turn the direction of text, or cannot be seen. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text with its control, direction and invisible characters written as escapes (`\u001b`, `\u202e`), as JSON writes them: for text from
 * outside (a file, a server) that goes to a terminal.
 */
export function escapeControls(text: string): string {
  // JSON escapes some of them; of the others each code unit is left.
  return text.replace(unsafe, (character) => JSON.stringify(character).slice(1, -1).replace(/[^ -~]/g, unit));
}

function unit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * A text as error messages show it: in quotes, with escapes, and cut after `longest` characters.
 *
 * @example
 * ```ts
 * import { quote } from "@nn/tensor/extend";
 * quote("red\u202e\u001b[2J"); // => '"red\\u202e\\u001b[2J"'
 * ```
 */
export function quote(text: string, longest = 60): string {
  if (text.length <= longest) return escapeControls(JSON.stringify(text));
  // A character of two code units is not cut in two.
  const end = longest - (/[\ud800-\udbff]/.test(text.charAt(longest - 1)) ? 1 : 0);
  return escapeControls(JSON.stringify(`${text.slice(0, end)}…`));
}
