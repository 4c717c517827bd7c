import { CELU, ELU, SELU } from "../activation/elu.js";
import { GELU, Hardswish, Mish, SiLU } from "../activation/gelu.js";
import { Maxout } from "../activation/maxout.js";
import { PReLU } from "../activation/prelu.js";
import { LeakyReLU, ReLU, RReLU } from "../activation/relu.js";
import { Hardshrink, Softshrink, Tanhshrink } from "../activation/shrink.js";
import { Hardsigmoid, LogSigmoid, Sigmoid } from "../activation/sigmoid.js";
import { LogSoftmax, Softmax, Softmin } from "../activation/softmax.js";
import { Softplus } from "../activation/softplus.js";
import { Hardtanh, ReLU6, Softsign, Tanh } from "../activation/tanh.js";
import { Step, Threshold } from "../activation/threshold.js";
import { listLiteral, numberLiteral } from "./literal.js";
import { elementwise, rule, type LayerCode, type LayerRule } from "./rule.js";

const bent = (slope: number | string): LayerCode => elementwise(`(v > 0 ? v : ${slope} * v)`);
const clamped = ({ low, high }: Hardtanh): LayerCode => elementwise(`clamp(v, ${low}, ${high})`, ["clamp"]);
const exponential = (alpha: number, scale: number): LayerCode => elementwise(`${scale === 1 ? "" : `${scale} * `}(v > 0 ? v : ${alpha} * Math.expm1(v))`);

function gelu({ approximate }: GELU): LayerCode {
  if (approximate === "tanh") return elementwise("0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)))");
  return elementwise("0.5 * v * (1 + erf(v * Math.SQRT1_2))", ["erf"]);
}

function prelu({ weight: { value } }: PReLU): LayerCode {
  if (value.size === 1) return bent(numberLiteral(value.item(), value.dtype));
  return { result: "x.map((v, at) => (v > 0 ? v : $slopes[at] * v))", constants: { slopes: listLiteral(value.toTypedArray(), value.dtype) }, inputs: value.size };
}

function maxout({ axis, pieces }: Maxout, width: number): LayerCode | undefined {
  const outputs = width / pieces;
  const result = `Array.from({ length: ${outputs} }, (_, at) => Math.max(...x.slice(${pieces} * at, ${pieces} * (at + 1))))`;
  return Number.isInteger(outputs) ? alongRow(axis, { result, outputs }) : undefined;
}

/** The only axis of a row is the last one of a batch, or axis 1. */
const alongRow = (axis: number, code: LayerCode): LayerCode | undefined => (axis === -1 || axis === 1 ? code : undefined);

/** How each activation is written. */
export const activationRules: readonly LayerRule[] = [
  rule(ReLU, () => elementwise("Math.max(v, 0)")),
  rule(LeakyReLU, ({ negativeSlope }) => bent(negativeSlope)),
  rule(RReLU, ({ lower, upper }) => bent((lower + upper) / 2)),
  rule(PReLU, prelu),
  rule(ELU, ({ alpha }) => exponential(alpha, 1)),
  rule(CELU, ({ alpha }) => elementwise(`(v > 0 ? v : ${alpha} * Math.expm1(v / ${alpha}))`)),
  rule(SELU, () => exponential(1.6732632423543772, 1.0507009873554805)),
  rule(GELU, gelu),
  rule(SiLU, () => elementwise("v / (1 + Math.exp(-v))")),
  rule(Hardswish, () => elementwise("v * clamp(v / 6 + 0.5, 0, 1)", ["clamp"])),
  rule(Mish, () => elementwise("v * Math.tanh(softplus(v))", ["softplus"])),
  rule(Sigmoid, () => elementwise("1 / (1 + Math.exp(-v))")),
  rule(LogSigmoid, () => elementwise("-softplus(-v)", ["softplus"])),
  rule(Hardsigmoid, () => elementwise("clamp(v / 6 + 0.5, 0, 1)", ["clamp"])),
  rule(Tanh, () => elementwise("Math.tanh(v)")),
  rule(Hardtanh, clamped),
  rule(ReLU6, clamped),
  rule(Softsign, () => elementwise("v / (1 + Math.abs(v))")),
  rule(Softplus, ({ beta, threshold }) => elementwise(`(${beta} * v > ${threshold} ? v : softplus(${beta} * v) / ${beta})`, ["softplus"])),
  rule(Hardshrink, ({ lambda }) => elementwise(`(Math.abs(v) <= ${lambda} ? 0 : v)`)),
  rule(Softshrink, ({ lambda }) => elementwise(`(Math.abs(v) <= ${lambda} ? 0 : v - Math.sign(v) * ${lambda})`)),
  rule(Tanhshrink, () => elementwise("v - Math.tanh(v)")),
  rule(Threshold, ({ threshold, value }) => elementwise(`(v <= ${threshold} ? ${value} : v)`)),
  rule(Step, () => elementwise("(v > 0 ? 1 : v <= 0 ? 0 : v)")),
  rule(Softmax, ({ axis }) => alongRow(axis, { result: "logSoftmax(x).map(Math.exp)", functions: ["logSoftmax"] })),
  rule(Softmin, ({ axis }) => alongRow(axis, { result: "logSoftmax(x.map((v) => -v)).map(Math.exp)", functions: ["logSoftmax"] })),
  rule(LogSoftmax, ({ axis }) => alongRow(axis, { result: "logSoftmax(x)", functions: ["logSoftmax"] })),
  rule(Maxout, maxout),
];
