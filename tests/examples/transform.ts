import ts from "typescript";
import { ExampleError, type Example } from "./extract.js";

/** A replacement of the text from `start` to `end`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const annotation = /\/\/ (=>|prints:|throws:) ?(.*)$/;

/**
 * Turns an example into a module that asserts what its comments promise. Every line keeps its number, so that error positions
 * in the module are also positions in the original file.
 */
export function transform(example: Example, runtime: string): string {
  const lines: string[] = [];
  for (const block of example.blocks) {
    while (lines.length < block.line - 1) lines.push("");
    lines.push(...block.lines);
  }
  const text = `${lines.join("\n")}\n`;
  const program = ts.createSourceFile("example.ts", text, ts.ScriptTarget.ES2022, true);
  const edits = annotations(example.file, text, program);
  const header = `import { start as __start } from ${JSON.stringify(runtime)}; const __example = __start(${JSON.stringify(example.file)});`;
  return header + apply(text, edits);
}

function annotations(file: string, text: string, program: ts.SourceFile): readonly Edit[] {
  const wanted = new Map(text.split("\n").flatMap((line, index) => (annotation.test(line) ? [[index + 1, line] as const] : [])));
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isStatement(node) || ts.isBlock(node)) return;
    const line = program.getLineAndCharacterOfPosition(node.end).line + 1;
    const printed: string[] = [];
    const promise = trailing(text, node.end);
    if (promise !== undefined && wanted.delete(line)) {
      if (promise.kind === "prints:") printed.push(promise.value);
      else edits.push(...assertion(promise, line, node, file));
    }
    for (let next = line + 1, own = ownLine(wanted.get(next)); own !== undefined; own = ownLine(wanted.get(next))) {
      printed.push(own);
      wanted.delete(next);
      next += 1;
    }
    if (printed.length > 0) {
      edits.push({ start: node.end, end: node.end, text: ` __example.prints(${JSON.stringify(printed.join("\n"))}, ${line});` });
    }
  };
  visit(program);
  for (const [line] of wanted) throw new ExampleError(file, line, "this comment follows no statement that it could be about");
  return edits;
}

/** The expectation in the comment after a statement. */
interface Promised {
  readonly kind: string;
  readonly value: string;
}

function trailing(text: string, end: number): Promised | undefined {
  const rest = text.slice(end, text.indexOf("\n", end));
  const [, kind, value] = (/^\s*\/\/ /.test(rest) ? annotation.exec(rest) : null) ?? [];
  return kind === undefined || value === undefined ? undefined : { kind, value: value.trim() };
}

/** A line that contains only the output of the statement before it. */
function ownLine(line: string | undefined): string | undefined {
  return line === undefined ? undefined : /^\s*\/\/ prints: ?(.*)$/.exec(line)?.[1]?.trimEnd();
}

function assertion({ kind, value }: Promised, line: number, node: ts.Statement, file: string): readonly Edit[] {
  if (kind === "throws:") {
    return [
      { start: node.getStart(), end: node.getStart(), text: "await __example.throws(async () => { " },
      { start: node.end, end: node.end, text: ` }, ${JSON.stringify(value)}, ${line});` },
    ];
  }
  if (!isExpression(value)) throw new ExampleError(file, line, `\`${value}\` is no value that could be compared`);
  const expected = `(${value}), ${line}`;
  if (ts.isExpressionStatement(node)) {
    const { expression } = node;
    return [
      ...logged(expression),
      { start: node.getStart(), end: node.getStart(), text: "__example.equal(" },
      { start: expression.end, end: node.end, text: `, ${expected});` },
    ];
  }
  const name = ts.isVariableStatement(node) ? node.declarationList.declarations.at(-1)?.name : undefined;
  if (name === undefined || !ts.isIdentifier(name)) {
    throw new ExampleError(file, line, "`// =>` stands after an expression or the declaration of one constant");
  }
  return [{ start: node.end, end: node.end, text: ` __example.equal(${name.text}, ${expected});` }];
}

/** For `console.log(x)`, the value to check is `x`. */
function logged(expression: ts.Expression): readonly Edit[] {
  if (!ts.isCallExpression(expression) || expression.expression.getText() !== "console.log") return [];
  const [only, ...more] = expression.arguments;
  if (only === undefined || more.length > 0) return [];
  return [{ start: expression.getStart(), end: expression.expression.end, text: "" }];
}

function isExpression(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(`(${text}\n);`, { reportDiagnostics: true });
  return text !== "" && diagnostics.length === 0;
}

function apply(text: string, edits: readonly Edit[]): string {
  const sorted = edits.map((edit, order) => ({ ...edit, order })).toSorted((a, b) => b.start - a.start || b.end - a.end || b.order - a.order);
  return sorted.reduce((result, { start, end, text: inserted }) => result.slice(0, start) + inserted + result.slice(end), text);
}
