"""Published networks, with the names of their parameters in torchvision and Hugging Face."""
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import values


def initialize(model):
    """Kernels and matrices are uniform in ±√(6 / fan-in), in the order of their names; biases are 0; the factors of norms stay 1."""
    named = sorted(model.named_parameters())
    with torch.no_grad():
        for name, parameter in named:
            if name.endswith("bias"):
                parameter.zero_()
        for at, (_, parameter) in enumerate((name, parameter) for name, parameter in named if parameter.dim() > 1):
            shape = tuple(parameter.shape)
            parameter.copy_(torch.from_numpy(values.uniform(shape, 10 + at, math.sqrt(6 / np.prod(shape[1:])))))
    return model


def convolution(inputs, outputs, size, stride=1, groups=1):
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = convolution(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = convolution(outputs, outputs, 3), nn.BatchNorm2d(outputs)
        same = stride == 1 and inputs == outputs
        self.downsample = None if same else nn.Sequential(convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = convolution(3, 64, 7, 2), nn.BatchNorm2d(64)
        widths = [64, 64, 128, 256, 512]
        for at, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            setattr(self, f"layer{at + 1}", nn.Sequential(BasicBlock(inputs, outputs, 1 if at == 0 else 2), BasicBlock(outputs, outputs, 1)))
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.fc(self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3)))


def split_heads(x, heads):
    batch, steps, features = x.shape
    return x.view(batch, steps, heads, features // heads).transpose(1, 2)


def attention(query, key, value, heads, mask=None):
    query, key, value = (split_heads(x, heads) for x in (query, key, value))
    scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask, -math.inf)
    return (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)


class Conv1D(nn.Module):
    """`y = x W + b`, as GPT-2 stores it."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.empty(inputs, outputs)), nn.Parameter(torch.empty(outputs))

    def forward(self, x):
        return torch.addmm(self.bias, x.flatten(0, 1), self.weight).view(*x.shape[:2], -1)


def named(**modules):
    return nn.ModuleDict(modules)


class GPT2Block(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(features), nn.LayerNorm(features)
        self.attn = named(c_attn=Conv1D(features, 3 * features), c_proj=Conv1D(features, features))
        self.mlp = named(c_fc=Conv1D(features, 4 * features), c_proj=Conv1D(4 * features, features))

    def forward(self, x, mask):
        query, key, value = self.attn["c_attn"](self.ln_1(x)).chunk(3, 2)
        x = x + self.attn["c_proj"](attention(query, key, value, self.heads, mask))
        return x + self.mlp["c_proj"](functional.gelu(self.mlp["c_fc"](self.ln_2(x)), approximate="tanh"))


class GPT2(nn.Module):
    """Logits `[N, words, steps]`."""

    def __init__(self, words, steps, features, blocks, heads):
        super().__init__()
        self.transformer = named(
            wte=nn.Embedding(words, features), wpe=nn.Embedding(steps, features),
            h=nn.ModuleList(GPT2Block(features, heads) for _ in range(blocks)), ln_f=nn.LayerNorm(features),
        )
        self.register_buffer("mask", torch.ones(steps, steps, dtype=torch.bool).triu(1))

    def forward(self, ids):
        parts = self.transformer
        x = parts["wte"](ids) + parts["wpe"].weight
        for block in parts["h"]:
            x = block(x, self.mask)
        return functional.linear(parts["ln_f"](x), parts["wte"].weight).transpose(1, 2)


def bert_norm(features):
    return nn.LayerNorm(features, eps=1e-12)


class BertLayer(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.heads = heads
        maps = {name: nn.Linear(features, features) for name in ("query", "key", "value")}
        self.attention = nn.ModuleDict({"self": nn.ModuleDict(maps), "output": named(dense=nn.Linear(features, features), LayerNorm=bert_norm(features))})
        self.intermediate = named(dense=nn.Linear(features, 4 * features))
        self.output = named(dense=nn.Linear(4 * features, features), LayerNorm=bert_norm(features))

    def forward(self, x):
        own, out = self.attention["self"], self.attention["output"]
        x = out["LayerNorm"](x + out["dense"](attention(own["query"](x), own["key"](x), own["value"](x), self.heads)))
        return self.output["LayerNorm"](x + self.output["dense"](functional.gelu(self.intermediate["dense"](x))))


class Bert(nn.Module):
    """Logits of the classes of texts."""

    def __init__(self, words, steps, features, blocks, heads):
        super().__init__()
        self.bert = named(
            embeddings=named(
                word_embeddings=nn.Embedding(words, features), position_embeddings=nn.Embedding(512, features), token_type_embeddings=nn.Embedding(2, features),
                LayerNorm=bert_norm(features),
            ),
            encoder=named(layer=nn.ModuleList(BertLayer(features, heads) for _ in range(blocks))),
            pooler=named(dense=nn.Linear(features, features)),
        )
        self.classifier = nn.Linear(features, 2)
        self.register_buffer("positions", torch.arange(steps))

    def forward(self, ids):
        parts = self.bert["embeddings"]
        x = parts["word_embeddings"](ids) + parts["token_type_embeddings"](torch.zeros_like(ids)) + parts["position_embeddings"](self.positions)
        x = parts["LayerNorm"](x)
        for layer in self.bert["encoder"]["layer"]:
            x = layer(x)
        return self.classifier(self.bert["pooler"]["dense"](x[:, 0]).tanh())


def conv_norm_relu6(inputs, outputs, size, stride=1, groups=1):
    return nn.Sequential(convolution(inputs, outputs, size, stride, groups), nn.BatchNorm2d(outputs), nn.ReLU6())


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        expand = [] if expansion == 1 else [conv_norm_relu6(inputs, hidden, 1)]
        self.conv = nn.Sequential(*expand, conv_norm_relu6(hidden, hidden, 3, stride, hidden), convolution(hidden, outputs, 1), nn.BatchNorm2d(outputs))
        self.adds_input = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.conv(x) if self.adds_input else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [conv_norm_relu6(3, 32, 3, 2)], 32
        for expansion, width, count, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
            for at in range(count):
                layers.append(InvertedResidual(channels, width, stride if at == 0 else 1, expansion))
                channels = width
        self.features = nn.Sequential(*layers, conv_norm_relu6(channels, 1280, 1))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))
