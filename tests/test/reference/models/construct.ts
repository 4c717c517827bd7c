import { Module } from "@nn/layers";
import * as models from "@nn/models";
import { UnknownTarget } from "../outcome.js";
import { withoutElements } from "./without-elements.js";

type Configuration = Readonly<Record<string, unknown>>;

/** The classes whose recorded names are not theirs. */
const defined: Readonly<Record<string, string>> = {
  lenet5: "LeNet5", mlp: "MLP", unet: "UNet", vae: "VAE", "dcgan.generator": "DCGANGenerator", "dcgan.discriminator": "DCGANDiscriminator",
  gpt2: "GPT2LMHeadModel", llama: "LlamaForCausalLM", transformer: "Seq2SeqTransformer",
};

/** From Python's names to ours: `width_mult` is `widthMult`, `resnext50_32x4d` is itself. */
const camelCase = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * Constructs the model of a name from recorded arguments, without elements. The name is that of a class or a function of torchvision or Hugging Face, or one that the recordings define;
 * arguments keep their names.
 */
export function construct(name: string, { class: given, ...config }: Configuration): Module {
  const target = typeof given === "string" ? given : name;
  const found: unknown = Reflect.get(models, defined[target] ?? camelCase(target));
  if (typeof found !== "function") throw new UnknownTarget(target);
  const options = Object.fromEntries(Object.entries(config).map(([key, value]) => [camelCase(key), value]));
  const made: unknown = withoutElements(() => (found.prototype instanceof Module ? Reflect.construct(found, [options]) : Reflect.apply(found, undefined, [options])) as unknown);
  if (!(made instanceof Module)) throw new TypeError(`${target} does not make a module`);
  return made;
}
