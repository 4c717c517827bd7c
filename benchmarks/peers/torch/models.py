import numpy as np
import torch
from torch import nn

import values


class RecurrentNetwork(nn.Module):
    """Reads an image row by row."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 64, batch_first=True)
        self.output = nn.Linear(64, 10)

    def forward(self, x):
        return self.output(self.lstm(x)[0][:, -1])


class TransformerNetwork(nn.Module):
    """Reads words."""

    def __init__(self, dropout):
        super().__init__()
        self.embedding = nn.Embedding(100, 64)
        self.encoder = nn.TransformerEncoderLayer(64, 4, dim_feedforward=128, batch_first=True, dropout=dropout)
        self.output = nn.Linear(64, 10)

    def forward(self, words):
        return self.output(self.encoder(self.embedding(words)).mean(1))


def construct(model, dropout):
    if model == "recurrent":
        return RecurrentNetwork()
    if model == "transformer":
        return TransformerNetwork(dropout)
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(784, 10),
    )


def model_of(parameters):
    """The network with the initial parameters that all competitors use. They are filled in the order of their names; norms keep their own."""
    model = construct(parameters["model"], parameters.get("dropout", 0))
    named = sorted((name, parameter) for name, parameter in model.named_parameters() if "norm" not in name)
    with torch.no_grad():
        for at, (_, parameter) in enumerate(named):
            shape = tuple(parameter.shape)
            bound = 1 / np.sqrt(np.prod(shape[1:]) if len(shape) > 1 else shape[0])
            parameter.copy_(torch.from_numpy(values.uniform(shape, 10 + at, bound)))
    return model
