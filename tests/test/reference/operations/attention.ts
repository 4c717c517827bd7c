import { scaledDotProductAttention } from "@nn/layers";
import { required, type Operations } from "./operation.js";

/** Attention as a function. */
export const attention: Operations = {
  "nn.functional.scaled_dot_product_attention": ([query, key, value, mask], args) =>
    scaledDotProductAttention(required(query), required(key), required(value), { mask, causal: args.boolean("is_causal", false) }),
};
