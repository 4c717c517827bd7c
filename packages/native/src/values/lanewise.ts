import { allBits, signBit } from "./bits.js";
import { maximum } from "./extremes.js";
import type { Operand, OperationWriter, Shift } from "./operation-writer.js";
import { truncate } from "./truncation.js";

/** How a vector instruction of WebAssembly computes its lanes. */
export type Lanewise =
  | { readonly kind: "operation"; readonly operands: 1 | 2 | 3; write(o: OperationWriter, operands: readonly Operand[]): Operand }
  /** By a number of bits that is known. */
  | { readonly kind: "shift"; readonly name: Shift };

function unary(write: (o: OperationWriter, x: Operand) => Operand): Lanewise {
  return { kind: "operation", operands: 1, write: (o, [x]) => write(o, required(x)) };
}

function binary(write: (o: OperationWriter, x: Operand, y: Operand) => Operand): Lanewise {
  return { kind: "operation", operands: 2, write: (o, [x, y]) => write(o, required(x), required(y)) };
}

const shift = (name: Shift): Lanewise => ({ kind: "shift", name });

/** Products of 64 bits of one half of the lanes, without signs. */
function wideProducts(half: "low" | "high"): Lanewise {
  return binary((o, x, y) => {
    const [a, b] = [x, y].map((each) => o.fromHalf("vpmovzxdq", half === "low" ? each : o.arrange("upperHalfFirst", each, each)));
    return o.binary("vpmuludq", required(a), required(b));
  });
}

/** Bytes of a table of 16, by their numbers; 0 for larger ones. The instruction gives 0 where the highest bit is set, and else reads four bits. */
function swizzle(o: OperationWriter, table: Operand, numbers: Operand): Operand {
  return o.binary("vpshufb", table, o.binary("vpaddusb", numbers, o.bits(0x70_70_70_70)));
}

/** Whole numbers without a sign as float64: below 2⁵² they are the lower bits of 2⁵² + x. */
function unsignedToDouble(o: OperationWriter, x: Operand): Operand {
  const unit = o.double(2 ** 52);
  return o.binary("vsubpd", o.binary("vorps", o.fromHalf("vpmovzxdq", x), unit), unit);
}

function required(operand: Operand | undefined): Operand {
  if (operand === undefined) throw new Error("an instruction lacks an operand");
  return operand;
}

/**
 * The vector instructions of WebAssembly that elementary functions use, by opcode. Selections are by masks: all bits of a lane or none. `pmin` and
 * `pmax` give their first operand where the second is not beyond it, the instructions of x86 the other one.
 */
export const lanewise: Readonly<Record<number, Lanewise>> = {
  0x0e: /* i8x16.swizzle */ binary(swizzle),
  0x41: /* f32x4.eq */ binary((o, x, y) => o.compare("equal", x, y)),
  0x42: /* f32x4.ne */ binary((o, x, y) => o.compare("unequal", x, y)),
  0x43: /* f32x4.lt */ binary((o, x, y) => o.compare("less", x, y)),
  0x44: /* f32x4.gt */ binary((o, x, y) => o.compare("less", y, x)),
  0x45: /* f32x4.le */ binary((o, x, y) => o.compare("lessEqual", x, y)),
  0x46: /* f32x4.ge */ binary((o, x, y) => o.compare("lessEqual", y, x)),
  0x4d: /* v128.not */ unary((o, x) => o.commutative("vxorps", x, o.bits(allBits))),
  0x4e: /* v128.and */ binary((o, x, y) => o.commutative("vandps", x, y)),
  0x4f: /* v128.andnot */ binary((o, x, y) => o.binary("vandnps", y, x)),
  0x50: /* v128.or */ binary((o, x, y) => o.commutative("vorps", x, y)),
  0x51: /* v128.xor */ binary((o, x, y) => o.commutative("vxorps", x, y)),
  0x52: /* v128.bitselect */ { kind: "operation", operands: 3, write: (o, [x, y, mask]) => o.select(required(mask), required(x), required(y)) },
  0x5e: /* f32x4.demote_f64x2_zero */ unary((o, x) => o.toHalf("vcvtpd2ps", x)),
  0x5f: /* f64x2.promote_low_f32x4 */ unary((o, x) => o.fromHalf("vcvtps2pd", x)),
  0x6a: /* f32x4.nearest */ unary((o, x) => o.round(0, x)),
  0x75: /* f64x2.floor */ unary((o, x) => o.roundDoubles(1, x)),
  0x7a: /* f64x2.trunc */ unary((o, x) => o.roundDoubles(3, x)),
  0xab: /* i32x4.shl */ shift("vpslld"),
  0xac: /* i32x4.shr_s */ shift("vpsrad"),
  0xad: /* i32x4.shr_u */ shift("vpsrld"),
  0xae: /* i32x4.add */ binary((o, x, y) => o.commutative("vpaddd", x, y)),
  0xb1: /* i32x4.sub */ binary((o, x, y) => o.binary("vpsubd", x, y)),
  0xb5: /* i32x4.mul */ binary((o, x, y) => o.commutative("vpmulld", x, y)),
  0xb8: /* i32x4.max_s */ binary((o, x, y) => o.commutative("vpmaxsd", x, y)),
  0xcb: /* i64x2.shl */ shift("vpsllq"),
  0xcd: /* i64x2.shr_u */ shift("vpsrlq"),
  0xce: /* i64x2.add */ binary((o, x, y) => o.commutative("vpaddq", x, y)),
  0xde: /* i64x2.extmul_low_i32x4_u */ wideProducts("low"),
  0xdf: /* i64x2.extmul_high_i32x4_u */ wideProducts("high"),
  0xe0: /* f32x4.abs */ unary((o, x) => o.commutative("vandps", x, o.bits(~signBit))),
  0xe1: /* f32x4.neg */ unary((o, x) => o.commutative("vxorps", x, o.bits(signBit))),
  0xe3: /* f32x4.sqrt */ unary((o, x) => o.unary("vsqrtps", x)),
  0xe4: /* f32x4.add */ binary((o, x, y) => o.commutative("vaddps", x, y)),
  0xe5: /* f32x4.sub */ binary((o, x, y) => o.binary("vsubps", x, y)),
  0xe6: /* f32x4.mul */ binary((o, x, y) => o.commutative("vmulps", x, y)),
  0xe7: /* f32x4.div */ binary((o, x, y) => o.binary("vdivps", x, y)),
  0xe9: /* f32x4.max */ binary(maximum),
  0xea: /* f32x4.pmin */ binary((o, x, y) => o.binary("vminps", y, x)),
  0xeb: /* f32x4.pmax */ binary((o, x, y) => o.binary("vmaxps", y, x)),
  0xf0: /* f64x2.add */ binary((o, x, y) => o.commutative("vaddpd", x, y)),
  0xf1: /* f64x2.sub */ binary((o, x, y) => o.binary("vsubpd", x, y)),
  0xf2: /* f64x2.mul */ binary((o, x, y) => o.commutative("vmulpd", x, y)),
  0xf3: /* f64x2.div */ binary((o, x, y) => o.binary("vdivpd", x, y)),
  0xf6: /* f64x2.pmin */ binary((o, x, y) => o.binary("vminpd", y, x)),
  0xf7: /* f64x2.pmax */ binary((o, x, y) => o.binary("vmaxpd", y, x)),
  0xf8: /* i32x4.trunc_sat_f32x4_s */ unary(truncate),
  0xfa: /* f32x4.convert_i32x4_s */ unary((o, x) => o.unary("vcvtdq2ps", x)),
  0xfe: /* f64x2.convert_low_i32x4_s */ unary((o, x) => o.fromHalf("vcvtdq2pd", x)),
  0xff: /* f64x2.convert_low_i32x4_u */ unary(unsignedToDouble),
};

/** The shuffles of bytes that elementary functions use, by their order: of halves, and of the words of 64-bit lanes. A vector of any width has two halves. */
export const shuffles: Readonly<Record<string, (o: OperationWriter, x: Operand, y: Operand) => Operand>> = {
  "8,9,10,11,12,13,14,15,0,1,2,3,4,5,6,7": (o, x, y) => o.arrange("upperHalfFirst", x, y),
  "0,1,2,3,4,5,6,7,16,17,18,19,20,21,22,23": (o, x, y) => o.arrange("lowerHalves", x, y),
  "0,1,2,3,8,9,10,11,16,17,18,19,24,25,26,27": (o, x, y) => o.evenWords(x, y),
};
