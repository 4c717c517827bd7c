import torch

import values
from large_models import Bert, GPT2, ResNet18, initialize
from mlp import training_step

STEPS = 128


def words(shape, below, seed):
    return values.labels(shape[0] * (shape[1] if len(shape) > 1 else 1), below, seed).reshape(shape)


def task(model, batch):
    if model == "resnet18":
        return ResNet18(), values.uniform((batch, 3, 64, 64), 1), words((batch,), 1000, 2)
    if model == "gpt2":
        return GPT2(65, STEPS, 384, 6, 6), words((batch, STEPS), 65, 1), words((batch, STEPS), 65, 2)
    return Bert(30522, STEPS, 256, 4, 4), words((batch, STEPS), 30522, 1), words((batch,), 2, 2)


def load(parameters, _variant):
    model, x, y = task(parameters["model"], parameters["batch"])
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    step = training_step(initialize(model))
    return lambda: step(x, y), lambda: [step(x, y).item() for _ in range(2)]
