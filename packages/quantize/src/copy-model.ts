import { buildModel, describeModel, layerClasses, Module } from "@nn/layers";
import { defaultGenerator, UsageError } from "@nn/tensor";
import { describeValue, messageOf } from "@nn/tensor/extend";

/** How a model is copied. */
export interface CopyOptions<Model> {
  /**
   * Makes another model of the same architecture, which then gets the values of the first. Default: from the constructors of the layers, which works for
   * models that consist of the layers of `@nn/layers`.
   */
  readonly copy?: (() => Model) | undefined;
}

/** Another model with the same values, in evaluation mode. */
export function copyModel<Model extends Module>(operation: string, model: Model, { copy }: CopyOptions<Model>): Model {
  const made: unknown = copy === undefined ? rebuilt(operation, model) : copy();
  if (!isLike(model, made)) {
    throw new UsageError(`${operation}: copy returned ${describeValue(made)}, expected another ${model.constructor.name}`);
  }
  const own = new Set<unknown>([...model.modules(), ...model.namedVariables().values()]);
  if ([...made.modules(), ...made.namedVariables().values()].some((each) => own.has(each))) {
    throw new UsageError(`${operation}: copy returned modules or variables of the model itself; expected new ones`);
  }
  const classes = [...made.namedModules()].map(([name, each]) => [name, each.constructor]);
  if (![...model.namedModules()].every(([name, { constructor }], at) => name === classes[at]?.[0] && constructor === classes[at]?.[1])) {
    throw new UsageError(`${operation}: copy returned a model with other modules; expected the same architecture`);
  }
  made.loadStateDict(model.stateDict());
  made.eval();
  return made;
}

function isLike<Model extends Module>(model: Model, made: unknown): made is Model {
  return made instanceof Module && made.constructor === model.constructor;
}

/** Drawing initial values, which are overwritten, leaves the default generator as it was. */
function rebuilt<Model extends Module>(operation: string, model: Model): Module {
  const generator = defaultGenerator();
  const state = generator.stateDict();
  try {
    return buildModel(describeModel(model, layerClasses), layerClasses);
  } catch (cause) {
    throw new UsageError(`${operation}: this ${model.constructor.name} cannot be copied (${messageOf(cause)}); give the option copy, such as copy: () => new ${model.constructor.name}()`, { cause });
  } finally {
    generator.loadStateDict(state);
  }
}
