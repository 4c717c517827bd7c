import { dot, matmul, maximum, moveAxis, normal, normalize, reshape, transpose, Variable, type RandomOptions, type Tensor } from "@nn/tensor";
import { normalizeAxis, type OptionKinds } from "@nn/tensor/extend";
import type { Module } from "../module.js";
import { checkOptions } from "../options.js";
import { derive, parameterIn } from "./derived-parameter.js";

/** Options of {@link spectralNorm}. */
export interface SpectralNormOptions extends RandomOptions {
  /** The field that holds the parameter; default `"weight"`. */
  readonly field?: string | undefined;
  /** The axis of the outputs: 0 (default), for transposed convolutions 1. */
  readonly axis?: number | undefined;
  /** Steps of the power iteration for each use of the weight in training; default 1. */
  readonly iterations?: number | undefined;
  /** Lower bound of the lengths that vectors are divided by; default 1e-12. */
  readonly epsilon?: number | undefined;
}

const spectralNormOptions: OptionKinds<SpectralNormOptions> = { field: "string", axis: "integer", iterations: "count", epsilon: "positive", generator: "any" };

/** The current estimates of the singular vectors of the largest singular value. */
interface SingularVectors {
  readonly left: Tensor;
  readonly right: Tensor;
}

/**
 * Spectral normalisation (Miyato et al. 2018): the weight of a layer becomes `W / σ(W)`, where `σ` is its largest singular value, so
 * that the matrix lengthens no vector. A power iteration estimates `σ = uᵀ W v`: fifteen steps at the start, then `iterations` for each use
 * in training. Changes the module and returns it.
 *
 * The module then has the parameter `weightOrig` and the buffers `weightU` and `weightV`. The state dictionary names them `weight_orig`,
 * `weight_u` and `weight_v`, like PyTorch's `nn.utils.spectral_norm`. Create optimizers after this call.
 *
 * @example
 * ```ts
 * import { Linear, spectralNorm } from "@nn/layers";
 * const layer = spectralNorm(new Linear(3, 2));
 * Object.keys(layer.stateDict()); // => ["bias", "weight_orig", "weight_u", "weight_v"]
 * ```
 * @throws ArgumentError if there is no such parameter.
 */
export function spectralNorm<M extends Module>(module: M, options: SpectralNormOptions = {}): M {
  checkOptions("spectralNorm", options, spectralNormOptions);
  const { field = "weight", axis = 0, iterations = 1, epsilon = 1e-12, generator } = options;
  const original = parameterIn("spectralNorm", module, field);
  const outputs = normalizeAxis("spectralNorm", axis, original.shape.length);
  const matrixOf = (weight: Tensor): Tensor => {
    const front = moveAxis(weight, outputs, 0);
    return reshape(front, [front.shape[0] ?? 1, -1]);
  };
  const matrix = matrixOf(original.value);
  const random = matrix.shape.map((length) => normalize(normal([length], { dtype: original.value.dtype === "float64" ? "float64" : "float32", generator }), { axis: 0, epsilon }));
  const [left = matrix, right = matrix] = random;
  const start = iterate(matrix, { left, right }, 15, epsilon);
  const name = `${module.constructor.name}.${field}`;
  const [u, v] = [new Variable(start.left, { name: `${name}U` }), new Variable(start.right, { name: `${name}V` })];
  derive(module, field, original, {
    compute: () => {
      const weight = original.value;
      if (module.training) {
        const next = iterate(matrixOf(weight.detach()), { left: u.value, right: v.value }, iterations, epsilon);
        u.value = next.left;
        v.value = next.right;
      }
      return weight.div(maximum(dot(u.value, matmul(matrixOf(weight), v.value)), epsilon));
    },
    assign: (next) => (original.value = next),
    fields: { [`${field}Orig`]: original, [`${field}U`]: u, [`${field}V`]: v },
  });
  return module;
}

/** Steps of the power iteration: `v = Wᵀ u / ‖Wᵀ u‖`, `u = W v / ‖W v‖`. */
function iterate(matrix: Tensor, { left, right }: SingularVectors, steps: number, epsilon: number): SingularVectors {
  let [u, v] = [left, right];
  for (let step = 0; step < steps; step++) {
    v = normalize(matmul(transpose(matrix), u), { axis: 0, epsilon });
    u = normalize(matmul(matrix, v), { axis: 0, epsilon });
  }
  return { left: u, right: v };
}
