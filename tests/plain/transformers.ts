import * as layers from "@nn/layers";
import type { FloatDType, Tensor } from "@nn/tensor";
import { activation, affine, moduleTrial, parameter } from "./activations.js";
import { along, at, map, permute, sum, zip, type Plain } from "./array.js";
import { multihead } from "./attention.js";
import { masksFor, type Added, type Masks } from "./masks.js";
import type { Random } from "./random.js";
import type { Entries } from "./trial.js";

type Parameters = Readonly<Record<string, Plain>>;

const add = (a: Plain, b: Plain): Plain => zip((x, y) => x + y, a, b);

function layerNorm(x: Plain, parameters: Parameters, name: string): Plain {
  const [weight, bias] = [parameter(parameters, `${name}.weight`), parameters[`${name}.bias`]];
  return along(x, -1, (row) => {
    const average = sum(row) / row.length;
    const variance = sum(row.map((value) => (value - average) ** 2)) / row.length;
    return row.map((value, place) => ((value - average) / Math.sqrt(variance + 1e-5)) * at(weight, place) + (bias === undefined ? 0 : at(bias, place)));
  });
}

/** The options of a layer that both ours and the plain one have. */
interface LayerKind {
  readonly heads: number;
  readonly normFirst: boolean;
  readonly nonlinearity: "relu" | "gelu";
  readonly batchFirst: boolean;
}

/** A block with a shortcut: the norm is before the block, or after the sum. */
function sublayer(x: Plain, parameters: Parameters, norm: string, normFirst: boolean, part: (x: Plain) => Plain): Plain {
  return normFirst ? add(x, part(layerNorm(x, parameters, norm))) : layerNorm(add(x, part(x)), parameters, norm);
}

function feedForward(x: Plain, parameters: Parameters, prefix: string, nonlinearity: "relu" | "gelu"): Plain {
  const hidden = map(affine(x, parameter(parameters, `${prefix}linear1.weight`), parameters[`${prefix}linear1.bias`]), (value) => (nonlinearity === "relu" ? Math.max(0, value) : activation.gelu(value, "none")));
  return affine(hidden, parameter(parameters, `${prefix}linear2.weight`), parameters[`${prefix}linear2.bias`]);
}

function encoderLayer(x: Plain, parameters: Parameters, prefix: string, { heads, normFirst, nonlinearity }: LayerKind, added: Added): Plain {
  const attended = sublayer(x, parameters, `${prefix}norm1`, normFirst, (each) => multihead(parameters, `${prefix}self_attn.`, each, each, each, { heads, added })[0]);
  return sublayer(attended, parameters, `${prefix}norm2`, normFirst, (each) => feedForward(each, parameters, prefix, nonlinearity));
}

function decoderLayer(x: Plain, memory: Plain, parameters: Parameters, prefix: string, { heads, normFirst, nonlinearity }: LayerKind, added: Added, ofMemory: Added): Plain {
  const own = sublayer(x, parameters, `${prefix}norm1`, normFirst, (each) => multihead(parameters, `${prefix}self_attn.`, each, each, each, { heads, added })[0]);
  const both = sublayer(own, parameters, `${prefix}norm2`, normFirst, (each) => multihead(parameters, `${prefix}multihead_attn.`, each, memory, memory, { heads, added: ofMemory })[0]);
  return sublayer(both, parameters, `${prefix}norm3`, normFirst, (each) => feedForward(each, parameters, prefix, nonlinearity));
}

const kindFor = (random: Random): LayerKind => ({ heads: random.int(1, 2), normFirst: random.bool(), nonlinearity: random.pick(["relu", "gelu"] as const), batchFirst: random.bool() });
const layerOptions = ({ normFirst, nonlinearity, batchFirst }: LayerKind, dtype: FloatDType) => ({ feedForward: 3, dropout: 0, activation: nonlinearity, normFirst, batchFirst, dtype });

/** Between `[steps, N, features]` and the layout of the layers. */
const turned = (x: Plain, { batchFirst }: LayerKind): Plain => (batchFirst ? permute(x, [1, 0, 2]) : x);

const dtypeOf = (x: Tensor | undefined): FloatDType => (x as Tensor).dtype as FloatDType;

/** The masks of an encoder of two sequences. */
const encoderMasks = (random: Random, kind: LayerKind, steps: number): Masks => masksFor(random, { batch: 2, heads: kind.heads, queries: steps, keys: steps });

/** The masks of a decoder of two sequences: for the target, and for the memory. */
function decoderMasks(random: Random, kind: LayerKind, target: number, memory: number): { readonly what: string; readonly own: Masks; readonly memory: Omit<Masks, "causal">; readonly options: (dtype: FloatDType) => layers.DecoderOptions } {
  const own = encoderMasks(random, kind, target);
  let ofMemory = masksFor(random, { batch: 2, heads: kind.heads, queries: target, keys: memory });
  while (ofMemory.causal) ofMemory = masksFor(random, { batch: 2, heads: kind.heads, queries: target, keys: memory });
  return {
    what: `target: ${own.what}; memory: ${ofMemory.what}`, own, memory: ofMemory,
    options: (dtype) => {
      const { mask: memoryMask, keyPaddingMask: memoryKeyPaddingMask } = ofMemory.options(dtype);
      return { ...own.options(dtype), causal: own.causal, memoryMask, memoryKeyPaddingMask };
    },
  };
}

/** A stack of two encoder layers with a norm, or one layer. */
const encoder = (depth: 1 | 2) => (random: Random) => {
  const kind = kindFor(random);
  const masks = encoderMasks(random, kind, 3);
  const layer = (dtype: FloatDType): layers.TransformerEncoderLayer => new layers.TransformerEncoderLayer(4, kind.heads, layerOptions(kind, dtype));
  return moduleTrial(`${JSON.stringify(kind)}, ${masks.what}`, [turned(random.array([3, 2, 4]), kind)],
    (dtype) => (depth === 1 ? layer(dtype) : new layers.TransformerEncoder([layer(dtype), layer(dtype)], { norm: new layers.LayerNorm(4, { dtype }) })),
    (module, x) => (module as layers.TransformerEncoder).forward(x as Tensor, { causal: masks.causal, ...masks.options(dtypeOf(x)) }), ([x], parameters) => {
      const given = turned(x as Plain, kind);
      if (depth === 1) return turned(encoderLayer(given, parameters, "", kind, masks.added), kind);
      return turned(layerNorm([0, 1].reduce((each, place) => encoderLayer(each, parameters, `layers.${place}.`, kind, masks.added), given), parameters, "norm"), kind);
    }, { loose: 10 });
};

/** A stack of two decoder layers, or one layer. */
const decoder = (depth: 1 | 2) => (random: Random) => {
  const kind = kindFor(random);
  const masks = decoderMasks(random, kind, 3, 2);
  const layer = (dtype: FloatDType): layers.TransformerDecoderLayer => new layers.TransformerDecoderLayer(4, kind.heads, layerOptions(kind, dtype));
  return moduleTrial(`${JSON.stringify(kind)}, ${masks.what}`, [turned(random.array([3, 2, 4]), kind), turned(random.array([2, 2, 4]), kind)],
    (dtype) => (depth === 1 ? layer(dtype) : new layers.TransformerDecoder([layer(dtype), layer(dtype)])),
    (module, x, memory) => (module as layers.TransformerDecoder).forward(x as Tensor, memory as Tensor, masks.options(dtypeOf(x))), ([x, memory], parameters) => {
      const [given, remembered] = [turned(x as Plain, kind), turned(memory as Plain, kind)];
      const names = depth === 1 ? [""] : ["layers.0.", "layers.1."];
      return turned(names.reduce((each, name) => decoderLayer(each, remembered, parameters, name, kind, masks.own.added, masks.memory.added), given), kind);
    }, { loose: 10 });
};

function transformer(random: Random) {
  const kind = kindFor(random);
  let source = encoderMasks(random, kind, 2);
  while (source.causal) source = encoderMasks(random, kind, 2);
  const target = decoderMasks(random, kind, 3, 2);
  return moduleTrial(`${JSON.stringify(kind)}, source: ${source.what}; ${target.what}`, [turned(random.array([2, 2, 4]), kind), turned(random.array([3, 2, 4]), kind)],
    (dtype) => new layers.Transformer(4, kind.heads, { ...layerOptions(kind, dtype), encoderLayers: 1, decoderLayers: 1 }), (module, from, to) => {
      const { mask: sourceMask, keyPaddingMask: sourceKeyPaddingMask } = source.options(dtypeOf(from));
      const { mask: targetMask, keyPaddingMask: targetKeyPaddingMask, ...others } = target.options(dtypeOf(from));
      return (module as layers.Transformer).forward(from as Tensor, to as Tensor, { sourceMask, sourceKeyPaddingMask, targetMask, targetKeyPaddingMask, ...others });
    }, ([from, to], parameters) => {
      const memory = layerNorm(encoderLayer(turned(from as Plain, kind), parameters, "encoder.layers.0.", kind, source.added), parameters, "encoder.norm");
      return turned(layerNorm(decoderLayer(turned(to as Plain, kind), memory, parameters, "decoder.layers.0.", kind, target.own.added, target.memory.added), parameters, "decoder.norm"), kind);
    }, { loose: 20 });
}

/** Transformers, their stacks and layers. */
export const transformers: Entries = {
  TransformerEncoderLayer: encoder(1), TransformerEncoder: encoder(2), TransformerDecoderLayer: decoder(1), TransformerDecoder: decoder(2), Transformer: transformer,
};
