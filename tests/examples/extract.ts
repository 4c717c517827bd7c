/** A piece of TypeScript in a document: its lines, and the number of the first of them in the file (from 1). */
export interface Block {
  readonly line: number;
  readonly lines: readonly string[];
}

/** Blocks that form one program. */
export interface Example {
  readonly file: string;
  readonly blocks: readonly Block[];
  /** Whether it is executed in Node; it is type-checked in any case. */
  readonly runs: boolean;
}

/** A problem of an example, with its position in the documented file. */
export class ExampleError extends Error {
  constructor(file: string, line: number, message: string) {
    super(`${file}:${line}: ${message}`);
    this.name = "ExampleError";
  }
}

/** A line of text without the marks of a comment, or `undefined` if it is not documentation. */
type Line = string | undefined;

/**
 * Finds the fenced `ts` blocks of a Markdown file, or of the doc comments of a TypeScript file.
 *
 * The words after `ts` say what to do with a block: `no-run` only type-checks it, `browser` leaves it to the tests of the site, which execute it
 * in a browser, and `continue` adds it to the program of the block before it.
 */
export function extract(file: string, text: string): readonly Example[] {
  const lines = text.split("\n");
  return collect(file, file.endsWith(".md") ? lines : documentation(file, lines));
}

function documentation(file: string, lines: readonly string[]): readonly Line[] {
  let inside = false;
  let example = 0;
  let fenced = false;
  const result = lines.map((line, index): Line => {
    if (/^\s*\/\*\*/.test(line)) inside = true;
    if (!inside) return undefined;
    const ends = line.includes("*/");
    const content = line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, "").replace(/\s*\*\/.*$/, "");
    if (/^@example\b/.test(content)) example = index + 1;
    if (content.trimStart().startsWith("```ts")) fenced = true;
    if (ends) {
      if (example > 0 && !fenced) throw new ExampleError(file, example, "@example without a ```ts block");
      inside = false;
      example = 0;
      fenced = false;
    }
    return content;
  });
  return result;
}

function collect(file: string, lines: readonly Line[]): readonly Example[] {
  const examples: Example[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const fence = /^(\s*)(`{3,})(\w*)\s*(.*)$/.exec(lines[index] ?? "");
    if (fence === null) continue;
    const [, indent = "", ticks = "", language = "", words = ""] = fence;
    const start = index + 1;
    const end = lines.findIndex((line, at) => at >= start && (line === undefined || line.trim() === ticks));
    if (end < 0 || lines[end] === undefined) throw new ExampleError(file, start, "this block is never closed");
    index = end;
    if (language !== "ts") continue;
    const block: Block = {
      line: start + 1,
      lines: lines.slice(start, end).map((line = "") => (line.startsWith(indent) ? line.slice(indent.length) : line)),
    };
    add(examples, file, block, words.split(/\s+/).filter(Boolean));
  }
  return examples;
}

function add(examples: Example[], file: string, block: Block, words: readonly string[]): void {
  const unknown = words.find((word) => !["no-run", "browser", "continue"].includes(word));
  if (unknown !== undefined) {
    throw new ExampleError(file, block.line - 1, `a ts block may be marked no-run, browser or continue, not ${unknown}`);
  }
  const runs = !words.includes("no-run") && !words.includes("browser");
  if (!words.includes("continue")) {
    examples.push({ file, blocks: [block], runs });
    return;
  }
  const previous = examples.pop();
  if (previous === undefined) throw new ExampleError(file, block.line - 1, "there is no block before this one to continue");
  examples.push({ file, blocks: [...previous.blocks, block], runs: runs && previous.runs });
}
