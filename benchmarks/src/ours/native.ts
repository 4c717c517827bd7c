// Makes machine code the target of all compiled functions.
import { setDefaultTarget } from "@nn/compiler";
import { native } from "@nn/native";

const target = await native();
if (target.reason !== undefined) throw new Error(`@nn/native has no machine code here: ${target.reason}`);
setDefaultTarget(target);
