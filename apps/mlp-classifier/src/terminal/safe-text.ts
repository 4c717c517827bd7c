/** Characters that act on a terminal or turn the direction of a text, in place of being shown (Unicode: Cc, bidirectional controls, line and paragraph separators). */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const acting = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** The text with such characters as `\u001b`, so that a name from a file can do nothing but be read. */
export function safeText(text: string): string {
  return text.replace(acting, escaped);
}

/** Lines of our own: our colours stay, all else that acts on a terminal does not. */
export function safeLine(line: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape character is what begins a control sequence
  return line.split(/(\u001B\[[0-9;]*m|\n)/).map((part, at) => (at % 2 === 1 ? part : safeText(part))).join("");
}

/** JSON says the same with such characters escaped. */
export function safeJson(json: string): string {
  return json.replace(acting, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
