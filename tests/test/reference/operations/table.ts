import { attention } from "./attention.js";
import { convolution } from "./convolution.js";
import { creation } from "./creation.js";
import { elementwise } from "./elementwise.js";
import { indexing } from "./indexing.js";
import { linearAlgebra } from "./linear-algebra.js";
import { movement } from "./movement.js";
import { normalization } from "./normalization.js";
import type { Operations } from "./operation.js";
import { reductions } from "./reduction.js";

/** Our counterparts of PyTorch's functions of tensors. */
export const operations: Operations = { ...attention, ...convolution, ...creation, ...elementwise, ...reductions, ...linearAlgebra, ...indexing, ...movement, ...normalization };
