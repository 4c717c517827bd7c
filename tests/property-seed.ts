import { configureGlobal } from "fast-check";

// Properties take the same random examples in every run, so that nobody meets a failure that is not of their making. `NN_TEST_SEED=7 npm test` takes others.
configureGlobal({ seed: Number(process.env["NN_TEST_SEED"] ?? 1) });
