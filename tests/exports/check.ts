import { escapeControls } from "@nn/tensor/extend";
import { accepts, type Kind } from "./accepts.js";
import { samplesOf } from "./samples.js";
import type { Parameter, Signature } from "./signatures.js";
import { wrongValues } from "./wrong-values.js";

/** An exported function or class. */
export type Callable = ((...args: readonly unknown[]) => unknown) | (new (...args: readonly unknown[]) => unknown);

/** The outcome of a call. */
export interface Outcome {
  readonly threw: boolean;
  readonly error?: unknown;
}

/** Built-in errors. The library throws its own instead, which say what to do. */
const builtIn = new Set([Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]);

/** Calls an export, awaits a promise that it returns, and closes what has been opened: an open file that is forgotten ends the process on newer versions of Node. */
export async function callOf({ isClass }: Signature, target: Callable, args: readonly unknown[]): Promise<Outcome> {
  try {
    const result: unknown = isClass ? Reflect.construct(target, args) : Reflect.apply(target as (...given: readonly unknown[]) => unknown, undefined, args);
    await close(result instanceof Promise ? await result : result);
    return { threw: false };
  } catch (error) {
    return { threw: true, error };
  }
}

async function close(opened: unknown): Promise<void> {
  if (typeof opened === "object" && opened !== null && "close" in opened && typeof opened.close === "function") await opened.close();
}

/** The problem with an error of a call: it is a built-in error, or does not begin with the name of the call. */
export function findingOf(signature: Signature, args: readonly unknown[], { threw, error }: Outcome): string | undefined {
  if (!threw) return undefined;
  const of = `${signature.name}(${args.map(show).join(", ")})`;
  if (!(error instanceof Error)) return `${of} throws a value that is not an error`;
  const text = error.message.length > 120 ? `${error.message.slice(0, 120)}…` : error.message;
  if ([...builtIn].some((each) => error.constructor === each)) return `${of}: raw ${error.constructor.name}: ${text}`;
  // Errors about the contents of a file begin with the file name.
  if (error.name === "FormatError" && typeof args[0] === "string" && error.message.startsWith(`${args[0]}: `)) return undefined;
  return namesTheCall(error.message, signature, args) ? undefined : `${of}: does not begin with its name: ${text}`;
}

/** Arguments with which the call succeeds; `undefined` if none were found. */
export async function validArguments(signature: Signature, target: Callable, tries: number): Promise<readonly unknown[] | undefined> {
  const needed = signature.parameters.filter(({ optional, rest }) => !optional && !rest);
  const choices = needed.map(({ kind }) => samplesOf(kind));
  const combinations = choices.reduce((product, { length }) => product * length, 1);
  let state = 1;
  for (let at = 0; at < Math.min(tries, combinations); at++) {
    let rest = at;
    const args = choices.map((values) => {
      state = (state * 48271) % 2147483647;
      // All combinations in order if there are few, otherwise a random selection.
      const position = combinations <= tries ? rest % values.length : state % values.length;
      rest = Math.floor(rest / values.length);
      return values[position];
    });
    if (!(await callOf(signature, target, args)).threw) return args;
  }
  return undefined;
}

/**
 * The problems of an export with wrong arguments. It must refuse every value that its type forbids, and every refusal must be
 * an error of the library whose message begins with the name of the call.
 */
export async function complaintsOf(signature: Signature, target: Callable, valid: readonly unknown[]): Promise<string[]> {
  const complaints: string[] = [];
  const attempt = async (args: readonly unknown[], mustThrow: boolean, what: string): Promise<void> => {
    const outcome = await callOf(signature, target, args);
    if (!outcome.threw && mustThrow) complaints.push(`${signature.name}: takes ${what}`);
    const finding = findingOf(signature, args, outcome);
    if (finding !== undefined) complaints.push(`${finding} (${what})`);
  };
  for (const [at, parameter] of signature.parameters.entries()) {
    if (parameter.name === "operation") continue;
    const before = Array.from({ length: at }, (_, position) => valid[position]);
    // The value at the index of a rest parameter is its first element.
    const kind = parameter.rest && parameter.kind.kind === "list" ? parameter.kind.of : parameter.kind;
    for (const value of wrongValues) {
      const verdict = parameter.optional && value === undefined ? "yes" : accepts(kind, value);
      const rest = valid.slice(at + 1);
      await attempt([...before, value, ...rest], verdict === "no", `${parameter.name} = ${show(value)}`);
    }
    for (const [what, options] of wrongOptions(parameter, valid[at])) await attempt([...before, options, ...valid.slice(at + 1)], true, `${parameter.name} = ${what}`);
  }
  return complaints;
}

/** Misspelt options, and options of a kind that their types forbid, together with the required options. */
function* wrongOptions({ kind }: Parameter, valid: unknown): Generator<readonly [what: string, options: object]> {
  const base = typeof valid === "object" && valid !== null ? valid : {};
  for (const record of recordsOf(kind)) {
    if (record.open || [...record.members.values()].some(({ optional }) => !optional && !(valid instanceof Object))) continue;
    yield ["{ notAnOption: 1 }", { ...base, notAnOption: 1 }];
    for (const [name, member] of record.members) {
      for (const value of wrongValues) {
        if (value === undefined || accepts(member.kind, value) !== "no") continue;
        yield [`{ ${name}: ${show(value)} }`, { ...base, [name]: value }];
      }
    }
  }
}

function recordsOf(kind: Kind): readonly Extract<Kind, { kind: "record" }>[] {
  if (kind.kind === "record") return [kind];
  // If another kind of object is allowed at this index, only the call can tell it from options.
  if (kind.kind === "union" && kind.of.every((each) => each.kind === "record" || each.kind === "undefined")) return kind.of.length <= 2 ? kind.of.flatMap(recordsOf) : [];
  return [];
}

/** Shared checks receive the name of the call as their first argument; readers may receive what they read as `source`. */
function namesTheCall(message: string, { name, parameters }: Signature, args: readonly unknown[]): boolean {
  const given = parameters.map((parameter, at) => (parameter.name === "source" || (at === 0 && parameter.name === "operation") ? args[at] : undefined));
  // Messages escape control characters.
  const names = [name, ...given.filter((each) => typeof each === "string").map(escapeControls)];
  return names.some((each) => message.startsWith(each) && !/^\w/.test(message.slice(each.length)));
}

function show(value: unknown): string {
  if (typeof value === "function") return "() => …";
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "object" && value !== null && !Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value.constructor.name;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `{ ${Object.entries(value).map(([name, each]) => `${name}: ${show(each)}`).join(", ")} }`;
  return typeof value === "string" ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
}
