/** Control, format and separator characters: they move the cursor, ring the bell, turn the direction of text, or cannot be seen. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What JSON writes with a letter. */
const letters: Readonly<Record<string, string>> = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" };

/**
 * A text with its control, direction and invisible characters written as escapes (`\u001b`, `\u202e`), as JSON writes them: for text from
 * outside (a file, a server) that goes to a terminal.
 */
export function escapeControls(text: string): string {
  return text.replace(unsafe, (character) => letters[character] ?? Array.from({ length: character.length }, (_, at) => unit(character.charCodeAt(at))).join(""));
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
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
