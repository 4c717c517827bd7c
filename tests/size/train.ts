// What somebody who trains a perceptron in a page writes, and who minds its size; `npm run check:size` weighs it with all that it pulls in, and runs it.
import { createCompiler, exp, log, matmul } from "@nn/compiler/features";
import { trainer } from "./trainer.js";

export const run = trainer(createCompiler({ matmul, exp, log }));
