// The same with the full `compile`. `npm run check:size` measures the bundle with all its dependencies, and runs it.
import { compile } from "@nn/compiler";
import { trainer } from "./trainer.js";

export const run = trainer(compile);
