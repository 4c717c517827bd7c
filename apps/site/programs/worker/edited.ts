import ts from "typescript";
import { transform } from "../../../../tests/examples/transform.js";

/** What programs can import, and the files: filled in when the site is built. */
declare const packageFiles: Readonly<Record<string, string>>;

/** The module of a program that a reader has changed. TypeScript compiles it here; types are not checked. */
export function moduleOf(code: string, base: string): string {
  const source = transform({ file: "the program", blocks: [{ line: 1, lines: code.split("\n") }], runs: true }, new URL("runtime.js", base).href);
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const [problem] = diagnostics;
  if (problem !== undefined) throw new SyntaxError(`line ${lineOf(problem)}: ${ts.flattenDiagnosticMessageText(problem.messageText, "\n")}`);
  return ts.preProcessFile(outputText).importedFiles.toReversed().reduce((text, { fileName, pos }) => {
    if (!fileName.startsWith("@nn/")) return text;
    const file = packageFiles[fileName];
    if (file === undefined) throw new TypeError(`import "${fileName}": a program in a page can import ${Object.keys(packageFiles).join(", ")}`);
    return `${text.slice(0, pos)}${JSON.stringify(new URL(`packages/${file}`, base).href)}${text.slice(pos + fileName.length + 2)}`;
  }, outputText);
}

const lineOf = ({ file, start = 0 }: ts.Diagnostic): number => (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
