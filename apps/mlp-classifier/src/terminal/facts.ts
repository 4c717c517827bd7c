import { columnsOf, type Style } from "./style.js";
import { fill } from "./table.js";

/** Lines of names and texts; a text that does not fit continues below its beginning. */
export function describeFacts(facts: readonly (readonly [name: string, text: string])[], style: Style, columns: number): string[] {
  const width = Math.max(...facts.map(([name]) => columnsOf(name)));
  return facts.flatMap(([name, text]) =>
    wrap(text, columns - width - 2).map((line, at) => `${style.dim(fill(at === 0 ? name : "", width, "left"))}  ${line}`),
  );
}

/** The text in lines of at most so many columns, broken at spaces; a longer word has a line of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(`${last} ${word}`) <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
