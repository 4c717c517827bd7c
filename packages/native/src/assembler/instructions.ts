/** How many bytes one unit of an 8-bit displacement stands for in EVEX: those of the whole vector, a part of it, or one element. */
export type Tuple = "vector" | "half" | "quarter" | "element";

/** Which operands an instruction takes, in the order of Intel's manuals. */
export type Form =
  /** vector, vector, vector or memory */
  | "rvm"
  /** vector, vector, vector or memory, immediate */
  | "rvmi"
  /** vector, vector or memory */
  | "rm"
  /** vector, vector or memory, immediate */
  | "rmi"
  /** vector of half the width, vector */
  | "hr"
  /** vector of half the width or memory, vector, immediate */
  | "mri"
  /** vector, vector, immediate; the opcode has an extension */
  | "vmi"
  /** memory, vector */
  | "mr"
  /** vector, mask vector, memory */
  | "rvs"
  /** memory, mask vector, vector */
  | "mvr"
  /** vector, vector, vector or memory, mask vector */
  | "rvmr"
  /** mask, vector, vector or memory, immediate */
  | "kvmi"
  /** vector, mask */
  | "rk"
  /** mask, vector */
  | "kr"
  /** mask, mask */
  | "kk"
  /** mask, general register */
  | "kg"
  /** general register, vector or mask */
  | "gr"
  /** vector with a mask, memory in many places */
  | "rx"
  /** vector, memory in many places, mask vector */
  | "rxv";

/** An instruction on vectors: VEX, EVEX or both (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2). */
export interface VectorInstruction<F extends Form = Form> {
  readonly form: F;
  /** The prefix that is implied: none, 66, F3, F2. */
  readonly prefix: 0 | 1 | 2 | 3;
  /** The table of opcodes: 0F, 0F 38, 0F 3A. */
  readonly map: 1 | 2 | 3;
  readonly opcode: number;
  readonly encodings: "vex" | "evex" | "both";
  readonly tuple: Tuple;
  /** The bit W of EVEX: elements of 64 bits. VEX has 0 here. */
  readonly wide: boolean;
  /** The extension of the opcode, in the place of a register. */
  readonly digit: number;
}

interface Options {
  readonly tuple?: Tuple;
  readonly wide?: boolean;
  readonly digit?: number;
  readonly encodings?: "vex" | "evex";
}

function row<F extends Form>(form: F, prefix: 0 | 1 | 2 | 3, map: 1 | 2 | 3, opcode: number, options: Options = {}): VectorInstruction<F> {
  const { tuple = "vector", wide = false, encodings = "both", digit = 0 } = options;
  return { form, prefix, map, opcode, encodings, tuple, wide, digit };
}

const vex = { encodings: "vex" } as const;
const evex = { encodings: "evex" } as const;

/**
 * All vector instructions that kernels use, by mnemonic. `_store` marks the form of an instruction that writes to memory, `_mask` the one that
 * writes a mask register, `_general` the one that writes a general register, `_vex` the one that has another encoding as VEX, `_masked` the one whose mask is a mask register.
 */
export const vectorInstructions = {
  vmovups: row("rm", 0, 1, 0x10),
  vmovups_store: row("mr", 0, 1, 0x11),
  vbroadcastss: row("rm", 1, 2, 0x18, { tuple: "element" }),
  vaddps: row("rvm", 0, 1, 0x58),
  vmulps: row("rvm", 0, 1, 0x59),
  vsubps: row("rvm", 0, 1, 0x5c),
  vminps: row("rvm", 0, 1, 0x5d),
  vdivps: row("rvm", 0, 1, 0x5e),
  vmaxps: row("rvm", 0, 1, 0x5f),
  vsqrtps: row("rm", 0, 1, 0x51),
  vfmadd231ps: row("rvm", 1, 2, 0xb8),
  vandps: row("rvm", 0, 1, 0x54),
  vandnps: row("rvm", 0, 1, 0x55),
  vorps: row("rvm", 0, 1, 0x56),
  vxorps: row("rvm", 0, 1, 0x57),
  vunpcklps: row("rvm", 0, 1, 0x14),
  vunpckhps: row("rvm", 0, 1, 0x15),
  vunpcklpd: row("rvm", 1, 1, 0x14, { wide: true }),
  vunpckhpd: row("rvm", 1, 1, 0x15, { wide: true }),
  vshufps: row("rvmi", 0, 1, 0xc6),
  vaddpd: row("rvm", 1, 1, 0x58, { wide: true }),
  vmulpd: row("rvm", 1, 1, 0x59, { wide: true }),
  vsubpd: row("rvm", 1, 1, 0x5c, { wide: true }),
  vminpd: row("rvm", 1, 1, 0x5d, { wide: true }),
  vdivpd: row("rvm", 1, 1, 0x5e, { wide: true }),
  vmaxpd: row("rvm", 1, 1, 0x5f, { wide: true }),
  vcvtps2pd: row("rm", 0, 1, 0x5a, { tuple: "half" }),
  vcvtpd2ps: row("hr", 1, 1, 0x5a, { wide: true }),
  vcvtdq2pd: row("rm", 2, 1, 0xe6, { tuple: "half" }),
  vcvttpd2dq: row("hr", 1, 1, 0xe6, { wide: true }),
  vpermilps: row("rmi", 1, 3, 0x04),
  vcvtdq2ps: row("rm", 0, 1, 0x5b),
  vcvttps2dq: row("rm", 2, 1, 0x5b),
  vcvtps2dq: row("rm", 1, 1, 0x5b),
  vpaddd: row("rvm", 1, 1, 0xfe),
  vpsubd: row("rvm", 1, 1, 0xfa),
  vpmulld: row("rvm", 1, 2, 0x40),
  vpabsd: row("rm", 1, 2, 0x1e),
  vpmaxsd: row("rvm", 1, 2, 0x3d),
  vpminsd: row("rvm", 1, 2, 0x39),
  vpsllvd: row("rvm", 1, 2, 0x47),
  vpsravd: row("rvm", 1, 2, 0x46),
  vpmuludq: row("rvm", 1, 1, 0xf4, { wide: true }),
  vpaddq: row("rvm", 1, 1, 0xd4, { wide: true }),
  vpsrlq: row("vmi", 1, 1, 0x73, { wide: true, digit: 2 }),
  vpsllq: row("vmi", 1, 1, 0x73, { wide: true, digit: 6 }),
  vpmovzxdq: row("rm", 1, 2, 0x35, { tuple: "half" }),
  vpshufb: row("rvm", 1, 2, 0x00),
  vpaddusb: row("rvm", 1, 1, 0xdc),
  vpmovzxbd: row("rm", 1, 2, 0x31, { tuple: "quarter" }),
  vpslld: row("vmi", 1, 1, 0x72, { digit: 6 }),
  vpsrad: row("vmi", 1, 1, 0x72, { digit: 4 }),
  vpsrld: row("vmi", 1, 1, 0x72, { digit: 2 }),
  vpermps: row("rvm", 1, 2, 0x16),
  vbroadcastsd: row("rm", 1, 2, 0x19, { tuple: "element", wide: true }),
  vmovss_store: row("mr", 2, 1, 0x11, { tuple: "element" }),
  vmovsd_store: row("mr", 3, 1, 0x11, { tuple: "element", wide: true }),
  vpmaxud: row("rvm", 1, 2, 0x3f),
  // AVX2 alone
  vgatherdps: row("rxv", 1, 2, 0x92, vex),
  vmovmskps: row("gr", 0, 1, 0x50, vex),
  vcmpps: row("rvmi", 0, 1, 0xc2, vex),
  vroundps: row("rmi", 1, 3, 0x08, vex),
  vroundpd: row("rmi", 1, 3, 0x09, vex),
  vptest: row("rm", 1, 2, 0x17, vex),
  vblendvps: row("rvmr", 1, 3, 0x4a, vex),
  vmaskmovps: row("rvs", 1, 2, 0x2c, vex),
  vmaskmovps_store: row("mvr", 1, 2, 0x2e, vex),
  vperm2f128: row("rvmi", 1, 3, 0x06, vex),
  vextractf128: row("mri", 1, 3, 0x19, vex),
  vpcmpeqd: row("rvm", 1, 1, 0x76, vex),
  vpcmpgtd: row("rvm", 1, 1, 0x66, vex),
  vblendps: row("rvmi", 1, 3, 0x0c, vex),
  vpackssdw: row("rvm", 1, 1, 0x6b, vex),
  vpacksswb: row("rvm", 1, 1, 0x63, vex),
  vpmaddubsw: row("rvm", 1, 2, 0x04, vex),
  vpmaddwd: row("rvm", 1, 1, 0xf5, vex),
  vpdpbusd_vex: row("rvm", 1, 2, 0x50, vex),
  // AVX-512 alone
  vpdpbusd: row("rvm", 1, 2, 0x50, evex),
  vdpbf16ps: row("rvm", 2, 2, 0x52, evex),
  vcvtne2ps2bf16: row("rvm", 3, 2, 0x72, evex),
  vpermw: row("rvm", 1, 2, 0x8d, { wide: true, encodings: "evex" }),
  vgatherdps_masked: row("rx", 1, 2, 0x92, { tuple: "element", encodings: "evex" }),
  vpcmpud_mask: row("kvmi", 1, 3, 0x1e, evex),
  kmovw_general: row("gr", 0, 1, 0x93, vex),
  vcmpps_mask: row("kvmi", 0, 1, 0xc2, evex),
  vpcmpd_mask: row("kvmi", 1, 3, 0x1f, evex),
  vextractf64x4: row("mri", 1, 3, 0x1b, { wide: true, tuple: "half", encodings: "evex" }),
  vpmovdb_store: row("mr", 2, 2, 0x31, { tuple: "quarter", encodings: "evex" }),
  vrndscaleps: row("rmi", 1, 3, 0x08, evex),
  vrndscalepd: row("rmi", 1, 3, 0x09, { wide: true, encodings: "evex" }),
  vpmovm2d: row("rk", 2, 2, 0x38, evex),
  vpmovd2m: row("kr", 2, 2, 0x39, evex),
  vblendmps: row("rvm", 1, 2, 0x65, evex),
  vshuff32x4: row("rvmi", 1, 3, 0x23, evex),
  vpternlogd: row("rvmi", 1, 3, 0x25, evex),
  vpermi2ps: row("rvm", 1, 2, 0x77, evex),
  kmovw: row("kg", 0, 1, 0x92, vex),
  kortestw: row("kk", 0, 1, 0x98, vex),
} as const satisfies Readonly<Record<string, VectorInstruction>>;
