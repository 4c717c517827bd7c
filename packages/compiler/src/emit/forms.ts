import type { ElementwisePrimitive } from "../ir/program.js";

/** How a primitive is computed: by code for operands of some dtypes, by a function that is called, or by code of its own for all dtypes (`cast`, `select`). */
interface Forms {
  /** Four elements at once; "function": of float32, by a feature of the compiler; "scalar": for no dtype. */
  readonly vector: "float32" | "int32" | "bool" | "function" | "scalar" | "own";
  /** One element; "function": of a float64, by JavaScript. */
  readonly scalar: "float" | "int" | "function" | "own";
}

type Exhaustive<T extends { readonly [P in ElementwisePrimitive]: Forms }> = T;

interface FloatsOnly { readonly vector: "float32"; readonly scalar: "float" }
interface Numbers { readonly vector: "float32" | "int32"; readonly scalar: "float" | "int" }
interface AllDTypes { readonly vector: "float32" | "int32" | "bool"; readonly scalar: "float" | "int" }
interface BoolsOnly { readonly vector: "bool"; readonly scalar: "int" }
interface IntegersOnly { readonly vector: "int32"; readonly scalar: "int" }
interface Elementary { readonly vector: "function"; readonly scalar: "function" }
interface Own { readonly vector: "own"; readonly scalar: "own" }

/** The forms of every elementwise primitive. The type check requires that this table and the tables of code list the same primitives. */
type FormsOf = Exhaustive<{
  neg: Numbers; abs: Numbers; sign: Numbers; add: Numbers; sub: Numbers; mul: Numbers;
  floor: FloatsOnly; ceil: FloatsOnly; round: FloatsOnly; trunc: FloatsOnly; sqrt: FloatsOnly; div: FloatsOnly;
  maximum: AllDTypes; minimum: AllDTypes; equal: AllDTypes; less: AllDTypes; lessEqual: AllDTypes;
  logicalNot: BoolsOnly; logicalAnd: BoolsOnly; logicalOr: BoolsOnly;
  bitwiseAnd: IntegersOnly; bitwiseOr: IntegersOnly; bitwiseXor: IntegersOnly; bitwiseLeftShift: IntegersOnly; bitwiseRightShift: IntegersOnly;
  exp: Elementary; expm1: Elementary; log: Elementary; log1p: Elementary; sin: Elementary; cos: Elementary; tanh: Elementary;
  sigmoid: Elementary; erf: Elementary; erfc: Elementary; erfInv: Elementary; atan2: Elementary;
  // Whole numbers have only scalar code.
  pow: { readonly vector: "function" | "scalar"; readonly scalar: "function" | "int" };
  remainder: { readonly vector: "function" | "scalar"; readonly scalar: "function" | "int" };
  cast: Own; select: Own;
}>;

/** A table of code for exactly the primitives that have one form. */
export type CodeTable<Level extends keyof Forms, Form extends Forms[Level], Code> = {
  readonly [P in ElementwisePrimitive as Form extends FormsOf[P][Level] ? P : never]: Code;
};
