import { isTensor, Variable } from "@nn/tensor";

/** Whether a value fits a type: yes, no, or only the call itself can decide. */
export type Verdict = "yes" | "no" | "unknown";

/** A type of the public interface, reduced to what a test can check. */
export type Kind =
  | { readonly kind: "tensor" | "variable" | "number" | "string" | "boolean" | "function" | "undefined" | "null" | "unknown" | "typedArray" }
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "list"; readonly of: Kind; readonly from: number }
  | { readonly kind: "record"; readonly members: ReadonlyMap<string, Member>; readonly open: boolean }
  | { readonly kind: "union"; readonly of: readonly Kind[] };

/** A property of an object. */
export interface Member {
  readonly kind: Kind;
  readonly optional: boolean;
}

const verdict = (fits: boolean): Verdict => (fits ? "yes" : "no");

/** Whether `value` is of `kind`. It checks types only: a number may still be out of range. */
export function accepts(kind: Kind, value: unknown): Verdict {
  switch (kind.kind) {
    case "unknown": return "unknown";
    case "undefined": return verdict(value === undefined);
    case "null": return verdict(value === null);
    case "tensor": return verdict(isTensor(value));
    case "variable": return verdict(value instanceof Variable);
    case "number": return verdict(typeof value === "number");
    case "string": return verdict(typeof value === "string");
    case "boolean": return verdict(typeof value === "boolean");
    case "function": return verdict(typeof value === "function");
    case "typedArray": return verdict(ArrayBuffer.isView(value));
    case "literal": return verdict(value === kind.value);
    case "union": return best(kind.of.map((each) => accepts(each, value)));
    case "list":
      // A typed array is accepted as a list of numbers.
      if (ArrayBuffer.isView(value)) return "unknown";
      if (!Array.isArray(value) || value.length < kind.from) return "no";
      return worst(value.map((each) => accepts(kind.of, each)));
    case "record": return acceptsRecord(kind, value);
  }
}

function acceptsRecord({ members, open }: Extract<Kind, { kind: "record" }>, value: unknown): Verdict {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value) || isTensor(value)) return "no";
  // Class instances may provide the properties through getters.
  if (Object.getPrototypeOf(value) !== Object.prototype) return "unknown";
  const verdicts = Object.entries(value).map(([name, each]): Verdict => {
    const member = members.get(name);
    if (member === undefined) return open ? "unknown" : "no";
    return each === undefined && member.optional ? "yes" : accepts(member.kind, each);
  });
  const missing = [...members].some(([name, { optional }]) => !optional && !(name in value));
  return worst([missing ? "no" : "yes", ...verdicts]);
}

function best(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes("yes") ? "yes" : verdicts.includes("unknown") ? "unknown" : "no";
}

function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes("no") ? "no" : verdicts.includes("unknown") ? "unknown" : "yes";
}
