import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";
import { ExampleError, type Example } from "./extract.js";
import { recorded } from "./runtime.js";
import { transform } from "./transform.js";

/** An example and the module generated for it. */
export interface Written {
  readonly example: Example;
  readonly path: string;
}

/** Writes the module of an example into a folder. */
export function write(example: Example, folder: string): Written {
  const path = join(folder, example.file, `line-${example.blocks[0]?.line ?? 0}.ts`);
  const runtime = relative(dirname(path), join(import.meta.dirname, "runtime.js")).split(sep).join("/");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, transform(example, runtime));
  return { example, path };
}

/** Type-checks examples under the options of a `tsconfig.json`; returns the errors, each as `file:line: message`. */
export function typeCheck(written: readonly Written[], configPath: string): readonly string[] {
  const config = ts.getParsedCommandLineOfConfigFile(configPath, { noUnusedLocals: false, noUnusedParameters: false, noEmit: true }, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
    },
  });
  const program = ts.createProgram(written.map(({ path }) => path), config?.options ?? {});
  return written.flatMap(({ example, path }) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ file, start = 0, messageText }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${example.file}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  });
}

/** Executes an example. @throws ExampleError with its position if it fails or its comments are not true. */
export async function run({ example, path }: Written): Promise<void> {
  try {
    await recorded(() => import(/* @vite-ignore */ path));
  } catch (error) {
    if (error instanceof ExampleError) throw error;
    throw new ExampleError(example.file, position(error, path) ?? example.blocks[0]?.line ?? 0, String(error));
  }
}

/** The line of the module at which an error was thrown. */
function position(error: unknown, path: string): number | undefined {
  const line = error instanceof Error ? error.stack?.split(`${path}:`)[1]?.split(":")[0] : undefined;
  return line === undefined ? undefined : Number(line);
}
