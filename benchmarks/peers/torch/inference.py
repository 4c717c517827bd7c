import torch

import values
from mlp import mlp


def load(parameters, _variant):
    sizes, batch = parameters["sizes"], parameters["batch"]
    x = torch.from_numpy(values.uniform((batch, sizes[0]), 1))
    model = mlp(sizes).eval()

    def run():
        with torch.inference_mode():
            return model(x)

    return run, lambda: [run().abs().sum().item()]
