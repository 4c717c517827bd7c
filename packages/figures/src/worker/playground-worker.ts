import { playground } from "../tasks/playground/playground.js";
import { serve } from "./serve.js";

// The entry of the playground's worker. It brings its only task, so that one file is everything that the first picture needs.
serve({ playground: async () => playground });
