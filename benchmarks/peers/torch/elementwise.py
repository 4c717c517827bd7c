import torch

import values

operations = {
    "exp": torch.exp,
    "softmax": lambda x: torch.softmax(x, -1),
    "layerNorm": lambda x: torch.nn.functional.layer_norm(x, x.shape[-1:]),
    "fused": lambda x: torch.maximum(x * 0.5 + 0.25, x * 0.125),
}


def load(parameters, _variant):
    x = torch.from_numpy(values.uniform((parameters["rows"], parameters["columns"]), 1))
    operation = operations[parameters["operation"]]
    return lambda: operation(x), lambda: [operation(x).abs().mean().item()]
