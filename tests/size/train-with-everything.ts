// The same with `compile` as it is: `npm run check:size` weighs it with all that it pulls in, and runs it.
import { compile } from "@nn/compiler";
import { trainer } from "./trainer.js";

export const run = trainer(compile);
