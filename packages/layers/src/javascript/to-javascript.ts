import { ArgumentError, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { Sequential } from "../sequential.js";
import { base64Literal, matrixLiteral } from "./literal.js";
import { moduleFunctions } from "./module-functions.js";
import { layerRules } from "./layers.js";
import type { FunctionName } from "./rule.js";

/** Options of {@link toJavaScript}. */
export interface JavaScriptOptions {
  /** How many numbers a row has. */
  readonly inputs: number;
  /** How many numbers the network takes, if `prepare` makes them of the row; by default as many as a row has. */
  readonly features?: number | undefined;
  /** Statements of JavaScript that make the network's inputs, the array `x`, of the array `row`, such as `let x = row.map((v) => v / 255);`. By default they are the row. */
  readonly prepare?: readonly string[] | undefined;
  /** Statements that change the network's outputs, the array `x`. */
  readonly finish?: readonly string[] | undefined;
  /** Statements before the function, such as the names of classes. */
  readonly declarations?: readonly string[] | undefined;
  /** The lines of a comment at the beginning. */
  readonly description?: readonly string[] | undefined;
  /**
   * What is written: `"module"`, which exports `predict`, or `"expression"`, whose value is that function. Expressions of several networks fit into one program: what one of them
   * declares is not seen outside. Default: `"module"`.
   */
  readonly form?: "module" | "expression" | undefined;
  /**
   * How matrices are written: `"decimal"`, as numbers that can be read, or `"base64"`, as the bytes of their float32, which takes about half as much and holds them exactly. Matrices of
   * float64 are decimal always. Default: `"decimal"`.
   */
  readonly weights?: "decimal" | "base64" | undefined;
}

const javascriptOptions: OptionKinds<JavaScriptOptions> = { inputs: "count", features: "count", prepare: "list", finish: "list", declarations: "list", description: "list", form: ["module", "expression"], weights: ["decimal", "base64"] };

/** The parts of a module, while its layers are written one after the other. */
interface Parts {
  readonly weights: "decimal" | "base64";
  width: number;
  readonly used: Set<FunctionName>;
  readonly constants: string[];
  readonly steps: string[];
}

/**
 * Writes a network as a module of JavaScript without dependencies. It exports `predict(row)`, which computes for an array of numbers what the network computes for one row in evaluation
 * mode, in float64. The weights are in the module, with as many digits as their type has.
 *
 * The network is a `Sequential`, nested as you like, of `Linear`, `BatchNorm1d`, activations, `Softmax` and what only training needs, such as `Dropout`.
 *
 * @example
 * ```ts
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * import { toJavaScript } from "@nn/layers/javascript";
 *
 * const model = new Sequential(new Linear(2, 3), new ReLU());
 * const source = toJavaScript(model, { inputs: 2 });
 * source.split("\n").filter((line) => line.startsWith("  x = ")); // => ["  x = dense(x, weight0, bias0);", "  x = x.map((v) => Math.max(v, 0));"]
 * ```
 * @throws ArgumentError if a layer has no form in JavaScript, or takes another number of values than it gets.
 */
export function toJavaScript(model: Module, options: JavaScriptOptions): string {
  if (!(model instanceof Module)) throw new UsageError(`toJavaScript: the first argument is ${describeValue(model)}, expected a module`);
  requireOptions("toJavaScript", options, javascriptOptions);
  requireKind("toJavaScript", "inputs", options?.inputs, "count");
  const { inputs, features = inputs, prepare = ["let x = row;"], finish = [], declarations = [], description = [], form = "module", weights = "decimal" } = options;
  const parts: Parts = { weights, width: features, used: new Set(), constants: [], steps: [] };
  write(model, "", parts);
  const head = description.flatMap((line) => line.split(/[\r\n\u2028\u2029]+/)).map((line) => `// ${line}`);
  const body = [
    `if (row.length !== ${inputs} || !row.every(Number.isFinite)) throw new TypeError("predict: expected a row of ${inputs} finite numbers");`,
    ...prepare, ...parts.steps, ...finish, "return x;",
  ];
  const [opening, closing] = form === "module" ? ["export function predict(row) {", "}"] : ["return (row) => {", "};"];
  const sections = [
    head, [...parts.used].map((name) => moduleFunctions[name]), parts.constants, declarations,
    [`/** From ${inputs} numbers to those of the network. */`, opening, ...body.map((line) => `  ${line}`), closing],
  ];
  const text = sections.filter(({ length }) => length > 0).map((lines) => lines.join("\n")).join("\n\n");
  return form === "module" ? `${text}\n` : `(() => {\n${text.replaceAll(/^(?=.)/gm, "  ")}\n})()`;
}

/** Adds a layer, or the layers of a `Sequential`, to a module. */
function write(layer: Module, path: string, parts: Parts): void {
  if (layer instanceof Sequential && layer.constructor === Sequential) {
    for (const [at, each] of layer.layers.entries()) write(each, path === "" ? String(at) : `${path}.${at}`, parts);
    return;
  }
  const code = layerRules.map((each) => each(layer, parts.width)).find((each) => each !== undefined);
  const place = path === "" ? "the model" : `the layer "${path}"`;
  const { name } = layer.constructor;
  if (code === undefined) throw new ArgumentError(`toJavaScript: ${place} is ${name}, which has no form in JavaScript; expected a Sequential of Linear, BatchNorm1d with running statistics, activations along the last axis and Dropout`);
  if (code.inputs !== undefined && code.inputs !== parts.width) throw new ArgumentError(`toJavaScript: ${place}, ${name}, takes ${code.inputs} values, and gets ${parts.width}; ${parts.steps.length === 0 ? 'check the options "inputs" and "features"' : "the layer before it gives another number"}`);
  parts.width = code.outputs ?? parts.width;
  for (const name of code.functions ?? []) parts.used.add(name);
  const suffix = path.replaceAll(".", "_");
  const named = (constant: string): string => `${constant}${suffix}`;
  for (const [constant, value] of Object.entries(code.constants ?? {})) parts.constants.push(`const ${named(constant)} = ${typeof value === "string" ? value : matrixText(value, parts)};`);
  if (code.result !== "x") parts.steps.push(`x = ${code.result.replaceAll(/\$(\w+)/g, (_, constant: string) => named(constant))};`);
}

function matrixText(matrix: Tensor, { weights, used }: Parts): string {
  if (weights === "decimal" || matrix.dtype !== "float32") return matrixLiteral(matrix);
  used.add("float32Rows");
  return base64Literal(matrix);
}
