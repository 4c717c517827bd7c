import type { Expr } from "../../../assembler/expression.js";
import { f32, f32x4, f64, i32, i8x16 } from "../../../assembler/operators.js";
import type { BinaryCode, MathFunctions, UnaryCode } from "../code.js";
import { scalarMath } from "../scalar/index.js";

const rotation = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3];
const first = (x: Expr<"v128">): Expr<"f64"> => f64.promote_f32(f32x4.extract_lane(x, 0));

/** One lane after the other in float64. */
function lanes(f: BinaryCode<"f64">): BinaryCode<"v128"> {
  return (b, x, y) => {
    const [a, c] = [b.local("v128", x), b.local("v128", y)];
    const turn = b.local("i32", 4);
    b.while(turn, () => {
      const value = f32.demote_f64(f(b, first(a), first(c)));
      const next = b.let(f32x4.replace_lane(a, value, 0));
      b.set(a, i8x16.shuffle(next, next, rotation));
      b.set(c, i8x16.shuffle(c, c, rotation));
      b.set(turn, i32.sub(turn, 1));
    });
    return a;
  };
}

const unary = (f: UnaryCode<"f64">): UnaryCode<"v128"> => (b, x) => {
  const input = b.let(x);
  return lanes((inner, value) => f(inner, value))(b, input, input);
};

/** The elementary functions on four float32. */
export const vectorMath: MathFunctions<"v128"> = {
  exp: unary(scalarMath.exp),
  expm1: unary(scalarMath.expm1),
  log: unary(scalarMath.log),
  log1p: unary(scalarMath.log1p),
  sin: unary(scalarMath.sin),
  cos: unary(scalarMath.cos),
  tanh: unary(scalarMath.tanh),
  sigmoid: unary(scalarMath.sigmoid),
  erf: unary(scalarMath.erf),
  erfc: unary(scalarMath.erfc),
  erfInv: unary(scalarMath.erfInv),
  pow: lanes(scalarMath.pow),
  atan2: lanes(scalarMath.atan2),
  remainder: lanes(scalarMath.remainder),
};
