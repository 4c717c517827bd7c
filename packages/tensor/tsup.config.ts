import { defineConfig } from "tsup";
import base from "../../tsup.base.ts";

export default defineConfig({ ...base, entry: { index: "src/index.ts", extend: "src/extend.ts", interpreter: "src/interpreter/index.ts", primitives: "src/primitives/all.ts" } });
