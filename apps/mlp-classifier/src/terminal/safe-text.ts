import { escapeControls } from "@nn/tensor/extend";

/** Lines of our own: our colours stay; all else that acts on a terminal, in place of being shown, is written as an escape. */
export function safeLine(line: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape character is what begins a control sequence
  return line.split(/(\u001B\[[0-9;]*m|\n)/).map((part, at) => (at % 2 === 1 ? part : escapeControls(part))).join("");
}
