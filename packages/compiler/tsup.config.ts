import { defineConfig } from "tsup";
import base from "../../tsup.base.ts";

export default defineConfig({ ...base, entry: { index: "src/index.ts", features: "src/features/index.ts", target: "src/target/index.ts" } });
