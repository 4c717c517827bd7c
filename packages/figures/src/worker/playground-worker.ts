import { playgroundBefore } from "../tasks/playground/early.js";
import { playground } from "../tasks/playground/playground.js";
import { serve } from "./serve.js";

// The entry of the playground's worker. It brings its only task, so that one file is everything that the first picture needs.
// A page that starts the worker before the figure is there names it with the query of its address: the network is there when the figure asks for it.
const { name } = globalThis.self;
const make = name === "" ? playground : playgroundBefore(name, playground);
serve({ playground: async () => make });
