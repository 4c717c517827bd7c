import torch

import values
from mlp import mlp, training_step


def load(parameters, variant):
    sizes, batch = parameters["sizes"], parameters["batch"]
    x = torch.from_numpy(values.uniform((batch, sizes[0]), 1))
    y = torch.from_numpy(values.labels(batch, sizes[-1], 2))
    step = training_step(mlp(sizes), **({"fused": True} if variant == "fused" else {}))
    return lambda: step(x, y), lambda: [step(x, y).item() for _ in range(3)]
