import { expect, test } from "vitest";
import {
  arange, bitwiseAnd, bitwiseLeftShift, bitwiseNot, bitwiseOr, bitwiseRightShift, bitwiseXor, cast, mul, sub, type Tensor,
} from "@nn/tensor";
import { compile } from "../../src/index.js";

/** Numbers of both signs, with more bits than one lane, and shift counts within and beyond 0 to 31. 11 numbers do not fill whole vectors. */
const numbers = mul(sub(arange(11), 5), 0x1234567);
const positions = sub(mul(arange(11), 4), 3);

function everything(x: Tensor, y: Tensor): Tensor[] {
  const [p, q] = [cast(bitwiseAnd(x, 1), "bool"), cast(bitwiseAnd(y, 2), "bool")];
  return [
    bitwiseAnd(x, y), bitwiseOr(x, y), bitwiseXor(x, y), bitwiseNot(x), bitwiseLeftShift(x, y), bitwiseRightShift(x, y),
    bitwiseLeftShift(x, 5), bitwiseRightShift(x, 40), bitwiseAnd(p, q), bitwiseOr(p, q), bitwiseXor(p, q), bitwiseNot(p),
  ];
}

test.each([["four at a time", (results: Tensor[]) => results], ["one at a time", (results: Tensor[]) => results.map((each) => cast(each, "float64"))]])(
  "bitwise operations %s", (_, use) => {
    const program = (x: Tensor, y: Tensor): Tensor[] => use(everything(cast(x, "int32"), cast(y, "int32")));
    const results = compile(program)(numbers, positions);
    expect(results.map((each) => each.toArray())).toEqual(program(numbers, positions).map((each) => each.toArray()));
  },
);
