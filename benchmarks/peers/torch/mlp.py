import numpy as np
import torch

import values


def mlp(sizes):
    """Dense layers with ReLU between them, with the initial weights that all competitors use."""
    layers = []
    for at, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layer = torch.nn.Linear(inputs, outputs)
        bound = 1 / np.sqrt(inputs)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(values.uniform((outputs, inputs), 10 + 2 * at, bound)))
            layer.bias.copy_(torch.from_numpy(values.uniform((outputs,), 11 + 2 * at, bound)))
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def training_step(model, **options):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **options)

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return step
