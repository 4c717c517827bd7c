export type { BinaryCode, MathCode, MathFunctions, UnaryCode } from "./code.js";
export { scalarMath } from "./scalar/index.js";
