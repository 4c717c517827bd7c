import type { ElementwisePrimitive } from "../ir/program.js";

/** How a primitive is computed: by code for operands of some dtypes, by a function that is called, or by code of its own for all dtypes (`cast`, `select`). */
interface Forms {
  /** Four elements at once; "function": of float32, by a feature of the compiler; "scalar": for no dtype. */
  readonly vector: "float32" | "int32" | "bool" | "function" | "scalar" | "own";
  /** One element; "function": of a float64, by JavaScript. */
  readonly scalar: "float" | "int" | "function" | "own";
}

type Exhaustive<T extends { readonly [P in ElementwisePrimitive]: Forms }> = T;

interface Sign { readonly vector: "float32" | "int32"; readonly scalar: "float" | "int" }
interface Rounding { readonly vector: "float32"; readonly scalar: "float" }
interface Arithmetic { readonly vector: "float32" | "int32"; readonly scalar: "float" | "int" }
interface Comparison { readonly vector: "float32" | "int32" | "bool"; readonly scalar: "float" | "int" }
interface Logic { readonly vector: "bool"; readonly scalar: "int" }
interface Bitwise { readonly vector: "int32"; readonly scalar: "int" }
interface Elementary { readonly vector: "function"; readonly scalar: "function" }
interface Own { readonly vector: "own"; readonly scalar: "own" }

/** The forms of every elementwise primitive. A primitive that is added here does not compile before the tables of code have it, nor the other way round. */
type FormsOf = Exhaustive<{
  neg: Sign; abs: Sign; sign: Sign;
  floor: Rounding; ceil: Rounding; round: Rounding; trunc: Rounding; sqrt: Rounding;
  add: Arithmetic; sub: Arithmetic; mul: Arithmetic; div: Rounding;
  maximum: Comparison; minimum: Comparison; equal: Comparison; less: Comparison; lessEqual: Comparison;
  logicalNot: Logic; logicalAnd: Logic; logicalOr: Logic;
  bitwiseAnd: Bitwise; bitwiseOr: Bitwise; bitwiseXor: Bitwise; bitwiseLeftShift: Bitwise; bitwiseRightShift: Bitwise;
  exp: Elementary; expm1: Elementary; log: Elementary; log1p: Elementary; sin: Elementary; cos: Elementary; tanh: Elementary;
  sigmoid: Elementary; erf: Elementary; erfc: Elementary; erfInv: Elementary; atan2: Elementary;
  // Of whole numbers they are scalar only.
  pow: { readonly vector: "function" | "scalar"; readonly scalar: "function" | "int" };
  remainder: { readonly vector: "function" | "scalar"; readonly scalar: "function" | "int" };
  cast: Own; select: Own;
}>;

/** A table of code for exactly the primitives that have one form. */
export type CodeTable<Level extends keyof Forms, Form extends Forms[Level], Code> = {
  readonly [P in ElementwisePrimitive as Form extends FormsOf[P][Level] ? P : never]: Code;
};
