import { layerClasses, Parameter, RotaryPositionalEncoding, SinusoidalPositionalEncoding, type Module } from "@nn/layers";
import { Variable, zeros } from "@nn/tensor";
import { withoutElements } from "./without-elements.js";

/** The layers that compute tables of float32, and how they are described. */
const withTables = [
  { type: RotaryPositionalEncoding, description: layerClasses["RotaryPositionalEncoding"] },
  { type: SinusoidalPositionalEncoding, description: layerClasses["SinusoidalPositionalEncoding"] },
] as const;

/** Gives a model without elements parameters, buffers and tables of float64 in place of float32. A shared one stays shared. */
export function inFloat64<T extends Module>(model: T): T {
  const made = new Map<object, object>();
  const replaced = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const found = made.get(value) ?? wide(value);
    made.set(value, found);
    return found;
  };
  const widen = (holder: object): void => {
    for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
      if (Array.isArray(value)) widen(value);
      else if (replaced(value) !== value) Reflect.set(holder, key, replaced(value));
    }
  };
  for (const module of model.modules()) widen(module);
  return model;
}

/** The counterpart of a variable or a layer in float64; for anything else, the value itself. */
function wide(value: object): object {
  if (value instanceof Variable && value.dtype === "float32") {
    const elements = withoutElements(() => zeros(value.shape, { dtype: "float64" }));
    return value instanceof Parameter ? new Parameter(elements) : new Variable(elements);
  }
  const layer = withTables.find(({ type }) => value instanceof type)?.description;
  if (layer === undefined) return value;
  const [first, options] = layer.argumentsOf(value as Module) as readonly [unknown, object?];
  return layer.create([first, { ...options, dtype: "float64" }]);
}
