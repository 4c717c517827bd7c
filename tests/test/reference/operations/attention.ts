import { scaledDotProductAttention, squareSubsequentMask } from "@nn/layers";
import { required, type Operations } from "./operation.js";

/** Attention as a function. */
export const attention: Operations = {
  "nn.Transformer.generate_square_subsequent_mask": (_, args) => squareSubsequentMask(args.number("sz")),
  "nn.functional.scaled_dot_product_attention": ([query, key, value, mask], args) =>
    scaledDotProductAttention(required(query), required(key), required(value), { mask, causal: args.boolean("is_causal", false), dropout: args.number("dropout_p", 0), scale: args.maybeNumber("scale") }),
};
