import { defineConfig } from "tsup";
import base from "../../tsup.base.ts";

export default defineConfig({ ...base, entry: { index: "src/index.ts", "vector-math": "src/kernels/math/vector/index.ts" } });
