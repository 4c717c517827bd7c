// A page that trains a perceptron with a small bundle. `npm run check:size` measures the bundle and runs it.
import { createCompiler, exp, log, matmul } from "@nn/compiler/features";
import { trainer } from "./trainer.js";

export const run = trainer(createCompiler({ matmul, exp, log }));
