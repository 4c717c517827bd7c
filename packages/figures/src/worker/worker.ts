import { tasks } from "../tasks/all.js";
import { serve } from "./serve.js";

// The entry of the worker that a figure trains in: it loads the task that it is asked for.
serve(tasks);
