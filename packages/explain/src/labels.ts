import type { Tensor } from "@nn/tensor";
import { formatNumber, superscript } from "./numbers.js";

/** An argument of an operation: the number that a constant holds, `"c"` for a constant of several numbers, `undefined` for a value of the graph. */
type Constant = number | "c" | undefined;

const text = (constant: number | "c"): string => (typeof constant === "number" ? formatNumber(constant) : constant);

/** The symbol of an operation with two arguments, one of which may be a constant. */
type BinaryLabel = (left: Constant, right: Constant) => string;

const binary: Readonly<Record<string, BinaryLabel>> = {
  add: (left, right) => signed("+", left ?? right),
  sub: (left, right) => (left === undefined ? signed("−", right) : `${text(left)} − x`),
  mul: (left, right) => operator("×", left ?? right),
  div: (left, right) => (left === undefined ? operator("÷", right) : `${text(left)}/x`),
  pow: (left, right) => power(left, right),
  maximum: (left, right) => extreme("max", left ?? right),
  minimum: (left, right) => extreme("min", left ?? right),
};

const unary: Readonly<Record<string, string>> = {
  neg: "−x", exp: "eˣ", log: "ln", sigmoid: "σ", tanh: "tanh", sqrt: "√x", abs: "|x|", sum: "Σ", prod: "∏", select: "where",
};

function operator(symbol: string, constant: Constant): string {
  return constant === undefined ? symbol : `${symbol} ${text(constant)}`;
}

/** Adding −3 is written as − 3. */
function signed(symbol: "+" | "−", constant: Constant): string {
  const flips = typeof constant === "number" && constant < 0;
  return operator(flips ? (symbol === "+" ? "−" : "+") : symbol, flips ? -constant : constant);
}

function power(base: Constant, exponent: Constant): string {
  if (base !== undefined) return `${text(base)}ˣ`;
  if (typeof exponent !== "number") return exponent === undefined ? "xʸ" : "x^c";
  const raised = superscript(exponent);
  return raised === undefined ? `x^${formatNumber(exponent)}` : `x${raised}`;
}

const extreme = (name: string, constant: Constant): string => (constant === undefined ? name : `${name}(x, ${text(constant)})`);

/** The label of a primitive in a drawing. `constants` holds the arguments that are not values of the graph. */
export function labelOf(primitive: string, constants: readonly (Tensor | undefined)[]): string {
  const [left, right] = constants.map(constantOf);
  return binary[primitive]?.(left, right) ?? unary[primitive] ?? primitive;
}

function constantOf(tensor: Tensor | undefined): Constant {
  if (tensor === undefined) return undefined;
  const [first, ...others] = tensor.reshape([-1]).toArray() as readonly (number | boolean)[];
  return typeof first === "number" && others.every((each) => each === first) ? first : "c";
}
