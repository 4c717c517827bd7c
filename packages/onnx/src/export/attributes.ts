import { attributeTypes, type AttributeDraft, type TensorDraft } from "../proto/onnx.js";

/** The value of an attribute of a node. */
export type Attribute = Omit<AttributeDraft, "name">;

export const int = (value: number): Attribute => ({ type: attributeTypes.i, i: BigInt(value) });
export const ints = (values: readonly number[]): Attribute => ({ type: attributeTypes.ints, ints: values.map(BigInt) });
export const float = (value: number): Attribute => ({ type: attributeTypes.f, f: value });
export const text = (value: string): Attribute => ({ type: attributeTypes.s, s: new TextEncoder().encode(value) });
export const tensorValue = (value: TensorDraft): Attribute => ({ type: attributeTypes.t, t: value });
