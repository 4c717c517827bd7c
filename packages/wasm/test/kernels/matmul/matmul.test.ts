import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MatmulPlan, planMatmul } from "../../../src/kernels/matmul/plan.js";
import { errorRatio, multiply, type Request } from "./products.js";

const transpositions = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));
const methods = ["outer", "dot", "blocked"] as const;

/** The request computed by a method, in small blocks so that there are several. */
function by(method: MatmulPlan["method"], request: Request): Request {
  const plan = planMatmul(request, method);
  const blocks = { columns: 8, shared: 8, rows: 12 };
  return { ...request, more: { plan: plan.method === "blocked" ? { ...plan, blocks } : plan } };
}

function expectExact(request: Request): void {
  const ratio = errorRatio(request, multiply(request));
  if (!(ratio <= 1)) expect({ ...request, ratio }).toBe("within the bound");
}

describe("emitMatmul", () => {
  it.each(transpositions)("is right within rounding for small sizes: %o", (transposed) => {
    for (let m = 1; m <= 17; m += 1) {
      for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 17]) {
        for (const k of [1, 3, 4, 10, 17]) expectExact({ m, n, k, ...transposed });
      }
    }
  });
  it.each(transpositions)("by blocks %o", (transposed) => {
    for (let m = 1; m <= 17; m += 1) {
      for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 17]) {
        for (const k of [1, 3, 4, 10, 17]) {expectExact(by("blocked", { m, n, k, ...transposed }));expectExact(by("blocked", { m, n, k, fused: false,  ...transposed }));}
      }
    }
  });
});
