export type { BinaryCode, MathCode, MathFunctions, UnaryCode } from "./code.js";
export { scalarMath } from "./scalar/index.js";
export { vectorMath } from "./vector/index.js";
