import { resolve, sep } from "node:path";
import ts from "typescript";

/** What is shown of the names in a program: texts, and where they belong: the start and length of a name, and the number of its text. */
export interface NameTypes {
  readonly texts: readonly string[];
  readonly names: readonly (readonly [start: number, length: number, text: number])[];
}

const root = resolve(import.meta.dirname, "../../../..");
/** Programs are checked as if they lay here: the settings of the tests hold for them, and all packages are found. */
const folder = resolve(root, "tests/programs");
const fileOf = (id: string): string => `${folder}/${id}.ts`.split(sep).join("/");

type TypesOfPrograms = (programs: ReadonlyMap<string, string>) => ReadonlyMap<string, NameTypes>;

/**
 * Makes a function that gives the types of all names in programs, which are checked as one. It keeps what it has read of the packages, as long as their files do not change.
 * The function throws an `Error` if a program has a type error.
 */
export function typeReader(): TypesOfPrograms {
  const config = ts.getParsedCommandLineOfConfigFile(resolve(root, "tests/tsconfig.json"), { noUnusedLocals: false, noUnusedParameters: false, noEmit: true }, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
  const options = config?.options ?? {};
  const sourceAt = keepingSources(ts.createCompilerHost(options, true));
  let last: ts.Program | undefined;
  return (programs) => {
    const texts = new Map([...programs].map(([id, code]) => [fileOf(id), `${code}\nexport {};\n`]));
    const host = ts.createCompilerHost(options, true);
    const program = ts.createProgram([...texts.keys()], options, {
      ...host,
      fileExists: (file) => texts.has(file) || host.fileExists(file),
      readFile: (file) => texts.get(file) ?? host.readFile(file),
      getSourceFile: (file, version) => {
        const text = texts.get(file);
        return text === undefined ? sourceAt(file, version) : ts.createSourceFile(file, text, version, true);
      },
    }, last);
    last = program;
    return new Map([...programs.keys()].map((id) => [id, namesIn(program, id)]));
  };
}

/** Reads files as a compiler does; a file that has not changed is the same object as before. */
function keepingSources(host: ts.CompilerHost): ts.CompilerHost["getSourceFile"] {
  const kept = new Map<string, { readonly changed: number; readonly source: ts.SourceFile | undefined }>();
  return (file, version) => {
    const changed = ts.sys.getModifiedTime?.(file)?.getTime() ?? NaN;
    const before = kept.get(file);
    if (before?.changed === changed) return before.source;
    const source = host.getSourceFile(file, version);
    kept.set(file, { changed, source });
    return source;
  };
}

function namesIn(program: ts.Program, id: string): NameTypes {
  const source = program.getSourceFile(fileOf(id));
  if (source === undefined) throw new Error(`the program ${id} was not read`);
  const [problem] = program.getSemanticDiagnostics(source);
  if (problem !== undefined) throw new Error(`a program of a page has a type error: ${ts.flattenDiagnosticMessageText(problem.messageText, "\n")}\n${source.text.slice(problem.start, (problem.start ?? 0) + 80)}`);
  return namesOf(source, program.getTypeChecker());
}

function namesOf(source: ts.SourceFile, checker: ts.TypeChecker): NameTypes {
  const texts = new Map<string, number>();
  const names: (readonly [number, number, number])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const text = describe(node, checker);
      if (text !== undefined) {
        if (!texts.has(text)) texts.set(text, texts.size);
        names.push([node.getStart(source), node.text.length, texts.get(text) ?? 0]);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { texts: [...texts.keys()], names };
}

/** What is longer helps nobody. */
const longest = 500;
const formatFlags = ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/** A name with its type, and the first sentence of its documentation below. */
function describe(name: ts.Identifier, checker: ts.TypeChecker): string | undefined {
  const local = checker.getSymbolAtLocation(name);
  if (local === undefined) return undefined;
  const symbol = (local.flags & ts.SymbolFlags.Alias) === 0 ? local : checker.getAliasedSymbol(local);
  const lines = declarationOf(name, symbol, checker).replaceAll(/import\("[^"]*"\)\./g, "");
  const sentence = /^[\s\S]*?\.(?=\s|$)/.exec(ts.displayPartsToString(symbol.getDocumentationComment(checker)))?.[0].replaceAll(/\{@link ([^}]*)\}/g, "$1").replaceAll("\n", " ");
  return `${lines.length > longest ? `${lines.slice(0, longest)} …` : lines}${sentence === undefined ? "" : `\n\n${sentence}`}`;
}

function declarationOf(name: ts.Identifier, symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const { text } = name;
  if ((symbol.flags & ts.SymbolFlags.Class) !== 0) return `class ${text}`;
  if ((symbol.flags & ts.SymbolFlags.Interface) !== 0) return `interface ${text}`;
  if ((symbol.flags & ts.SymbolFlags.TypeAlias) !== 0) return `type ${text} = ${checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), name, formatFlags | ts.TypeFormatFlags.InTypeAlias)}`;
  const called = calledAs(name, checker);
  if (called !== undefined) return `${text}${checker.signatureToString(called, name, formatFlags)}`;
  return `${text}: ${checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, name), name, formatFlags)}`;
}

/** The signature with which a function is called where it is named. */
function calledAs(name: ts.Identifier, checker: ts.TypeChecker): ts.Signature | undefined {
  const callee = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
  return ts.isCallExpression(callee.parent) && callee.parent.expression === callee ? checker.getResolvedSignature(callee.parent) : undefined;
}
