import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";
import type { Kind, Member } from "./accepts.js";

/** The parameters of a public function or constructor, over all its overloads. */
export interface Signature {
  readonly name: string;
  readonly isClass: boolean;
  readonly parameters: readonly Parameter[];
}

/** One parameter. */
export interface Parameter extends Member {
  readonly name: string;
  /** Whether it is a rest parameter. */
  readonly rest: boolean;
}

const root = resolve(import.meta.dirname, "../..");

/** The code of an API report, which is checked against the sources on every build. */
function reportOf(file: string): ts.SourceFile {
  const code = /```ts\n([\s\S]*?)\n```/.exec(readFileSync(file, "utf8"))?.[1];
  if (code === undefined) throw new Error(`${file} holds no code`);
  return ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
}

/** The names of exports by those of their declarations: a report renames exports that have the name of a global. */
function renamedIn(statements: readonly ts.Statement[]): ReadonlyMap<string, string> {
  const specifiers = statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause) ? [...statement.exportClause.elements] : []);
  return new Map(specifiers.flatMap(({ propertyName, name }) => (propertyName === undefined ? [] : [[propertyName.text, name.text] as const])));
}

/** The declarations of one entry of a package, and those of all others by name, to resolve types with. */
class Reports {
  readonly #types = new Map<string, ts.Statement[]>();

  constructor() {
    for (const name of readdirSync(resolve(root, "packages"))) {
      for (const file of readdirSync(resolve(root, "packages", name, "etc")).filter((each) => each.endsWith(".api.md"))) {
        for (const statement of reportOf(resolve(root, "packages", name, "etc", file)).statements) {
          if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement) && !ts.isClassDeclaration(statement)) continue;
          const known = this.#types.get(statement.name?.text ?? "") ?? [];
          // A declaration may occur in the reports of several entries.
          if (!known.some((each) => each.getText() === statement.getText())) this.#types.set(statement.name?.text ?? "", [...known, statement]);
        }
      }
    }
  }

  /** The public functions and constructors of an entry, such as `tensor/etc/tensor.api.md`. */
  signatures(report: string): Signature[] {
    const found = new Map<string, Signature>();
    const { statements } = reportOf(resolve(root, "packages", report));
    const renamed = renamedIn(statements);
    for (const statement of statements) {
      if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) this.#add(found, renamed.get(statement.name.text) ?? statement.name.text, false, statement);
      if (!ts.isClassDeclaration(statement) || statement.name === undefined || isError(statement)) continue;
      if (ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Abstract) continue;
      this.#add(found, renamed.get(statement.name.text) ?? statement.name.text, true, constructorOf(statement, this.#types));
    }
    return [...found.values()];
  }

  #add(found: Map<string, Signature>, name: string, isClass: boolean, declaration: ts.SignatureDeclaration | undefined): void {
    const generics = genericsOf(declaration?.typeParameters);
    const parameters = (declaration?.parameters ?? []).map((each) => ({
      name: each.name.getText(),
      optional: each.questionToken !== undefined || each.initializer !== undefined,
      rest: each.dotDotDotToken !== undefined,
      kind: elementOfRest(this.kindOf(each.type, generics, 0), each),
    }));
    const known = found.get(name);
    found.set(name, { name, isClass, parameters: known === undefined ? parameters : merged(known.parameters, parameters) });
  }

  /** The values that a type allows; `unknown` where only TypeScript can decide. */
  kindOf(type: ts.TypeNode | undefined, generics: Generics, depth: number): Kind {
    if (type === undefined || depth > 8) return { kind: "unknown" };
    const inner = (each: ts.TypeNode): Kind => this.kindOf(each, generics, depth + 1);
    if (ts.isParenthesizedTypeNode(type)) return inner(type.type);
    if (ts.isTypeOperatorNode(type)) return inner(type.type);
    if (ts.isUnionTypeNode(type)) return { kind: "union", of: type.types.map(inner) };
    if (ts.isArrayTypeNode(type)) return { kind: "list", of: inner(type.elementType), from: 0 };
    if (ts.isTupleTypeNode(type)) return { kind: "list", of: { kind: "unknown" }, from: type.elements.filter((each) => !ts.isRestTypeNode(each)).length };
    if (ts.isFunctionTypeNode(type)) return { kind: "function" };
    if (ts.isLiteralTypeNode(type)) return literalOf(type.literal);
    if (ts.isTypeLiteralNode(type)) return this.#record(type.members, generics, depth);
    if (ts.isIntersectionTypeNode(type)) return intersection(type.types.map(inner));
    if (ts.isTypeReferenceNode(type)) return this.#reference(type.typeName.getText(), type.typeArguments?.[0], generics, depth);
    const plain = plainKinds[type.kind];
    return plain === undefined ? { kind: "unknown" } : { kind: plain };
  }

  #reference(name: string, argument: ts.TypeNode | undefined, generics: Generics, depth: number): Kind {
    if (generics.has(name)) return this.kindOf(generics.get(name), generics, depth + 1);
    if (name === "Tensor") return { kind: "tensor" };
    if (name === "Variable") return { kind: "variable" };
    if (name === "Schedule") return { kind: "function" };
    if (name === "Partial" || name === "Readonly") {
      const of = this.kindOf(argument, generics, depth + 1);
      if (name === "Readonly" || of.kind !== "record") return of;
      return { ...of, members: new Map([...of.members].map(([key, member]) => [key, { ...member, optional: true }])) };
    }
    const declared = this.#types.get(name);
    const [first] = declared ?? [];
    // A name with different meanings in two entries is not checked.
    if (first === undefined || declared?.length !== 1) return { kind: "unknown" };
    if (ts.isTypeAliasDeclaration(first)) return this.kindOf(first.type, genericsOf(first.typeParameters), depth + 1);
    if (!ts.isInterfaceDeclaration(first)) return { kind: "unknown" };
    const parameters = genericsOf(first.typeParameters);
    const own = this.#record(first.members, parameters, depth);
    const bases = (first.heritageClauses ?? []).flatMap(({ types }) => types).map((each) =>
      this.#reference(each.expression.getText(), each.typeArguments?.[0], generics, depth + 1));
    return intersection([own, ...bases]);
  }

  #record(members: ts.NodeArray<ts.TypeElement>, generics: Generics, depth: number): Kind {
    const known = new Map<string, Member>();
    let open = false;
    for (const member of members) {
      if (ts.isPropertySignature(member)) known.set(member.name.getText(), { kind: this.kindOf(member.type, generics, depth + 1), optional: member.questionToken !== undefined });
      else open = true;
    }
    return { kind: "record", members: known, open };
  }
}

/** The type parameters in scope, with their constraints. */
type Generics = ReadonlyMap<string, ts.TypeNode | undefined>;

function genericsOf(parameters: ts.NodeArray<ts.TypeParameterDeclaration> | undefined): Generics {
  return new Map(parameters?.map((each) => [each.name.text, each.constraint]));
}

const plainKinds: { readonly [K in ts.SyntaxKind]?: "number" | "string" | "boolean" | "undefined" } = {
  [ts.SyntaxKind.NumberKeyword]: "number",
  [ts.SyntaxKind.StringKeyword]: "string",
  [ts.SyntaxKind.BooleanKeyword]: "boolean",
  [ts.SyntaxKind.UndefinedKeyword]: "undefined",
};

function literalOf(literal: ts.LiteralTypeNode["literal"]): Kind {
  if (ts.isStringLiteral(literal)) return { kind: "literal", value: literal.text };
  if (ts.isNumericLiteral(literal)) return { kind: "literal", value: Number(literal.text) };
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return { kind: "literal", value: true };
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return { kind: "literal", value: false };
  return literal.kind === ts.SyntaxKind.NullKeyword ? { kind: "null" } : { kind: "unknown" };
}

function intersection(kinds: readonly Kind[]): Kind {
  const members = new Map<string, Member>();
  let open = false;
  for (const each of kinds) {
    if (each.kind !== "record") return { kind: "unknown" };
    open ||= each.open;
    for (const [name, member] of each.members) if (!members.has(name)) members.set(name, member);
  }
  return { kind: "record", members, open };
}

/** Merges two overloads: each parameter accepts what either accepts. */
function merged(a: readonly Parameter[], b: readonly Parameter[]): Parameter[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => {
    const [first, second] = [a[at], b[at]];
    if (first === undefined || second === undefined) return { ...(first ?? second as Parameter), optional: true };
    return { name: first.name, optional: first.optional || second.optional, rest: first.rest, kind: { kind: "union", of: [first.kind, second.kind] } };
  });
}

/** Whether a class is an error. Error classes need no argument checks. */
function isError(declaration: ts.ClassDeclaration): boolean {
  return declaration.name?.text.endsWith("Error") === true;
}

/** The constructor of a class, or of the class that it extends. */
function constructorOf(declaration: ts.ClassDeclaration, types: ReadonlyMap<string, readonly ts.Statement[]>): ts.ConstructorDeclaration | undefined {
  const own = declaration.members.find(ts.isConstructorDeclaration);
  if (own !== undefined) return own;
  const base = declaration.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression.getText();
  const [found] = types.get(base ?? "") ?? [];
  return found !== undefined && ts.isClassDeclaration(found) ? constructorOf(found, types) : undefined;
}

const reports = new Reports();

/** The public functions and constructors of an entry, from its API report, such as `tensor/etc/tensor.api.md`. */
export function signaturesOf(report: string): Signature[] {
  return reports.signatures(report);
}

/** The kind of one argument: for a rest parameter, the kind of an element. */
function elementOfRest(kind: Kind, { dotDotDotToken }: ts.ParameterDeclaration): Kind {
  return dotDotDotToken !== undefined && kind.kind === "list" ? kind.of : kind;
}
