import torch
from start import linear, parameter, trainer
from torch import nn
from torch.nn.functional import cross_entropy


def layer_norm(scale, shift):
    layer = nn.LayerNorm(scale.shape)
    layer.weight = parameter(scale)
    layer.bias = parameter(shift)
    return layer


class Block(nn.Module):
    def __init__(self, given, heads):
        super().__init__()
        self.norm1 = layer_norm(**given["norm1"])
        self.qkv = linear(**given["qkv"])
        self.projection = linear(**given["projection"])
        self.norm2 = layer_norm(**given["norm2"])
        self.expand = linear(**given["expand"])
        self.contract = linear(**given["contract"])
        self.gelu = nn.GELU(approximate="tanh")
        self.heads = heads

    def forward(self, x, hidden):
        x = x + self.projection(self.attention(self.norm1(x), hidden))
        return x + self.contract(self.gelu(self.expand(self.norm2(x))))

    def attention(self, x, hidden):
        batch, time, width = x.shape
        size = width // self.heads
        queries, keys, values = self.qkv(x).reshape(batch, time, 3, self.heads, size).permute(2, 0, 3, 1, 4)
        scores = (queries @ keys.transpose(-2, -1) * size**-0.5).masked_fill(hidden, -1e9)
        return (scores.softmax(-1) @ values).transpose(1, 2).reshape(batch, time, width)


class CharGpt(nn.Module):
    def __init__(self, given, heads):
        super().__init__()
        self.token = nn.Embedding.from_pretrained(torch.from_numpy(given["token"]), freeze=False)
        self.position = parameter(given["position"])
        self.blocks = nn.ModuleList(Block(block, heads) for block in given["blocks"])
        self.norm = layer_norm(**given["norm"])
        self.head = linear(**given["head"])

    def forward(self, tokens):
        time = tokens.shape[1]
        hidden = torch.ones(time, time, dtype=torch.bool).triu(1)
        x = self.token(tokens) + self.position
        for block in self.blocks:
            x = block(x, hidden)
        return self.head(self.norm(x))


def program(data, variant):
    tokens, targets = torch.from_numpy(data.tokens).long(), torch.from_numpy(data.targets).long().flatten()
    model = CharGpt(data.parameters, data.heads)
    optimizer = torch.optim.AdamW(model.parameters(), lr=data.learning_rate, weight_decay=data.weight_decay)
    return trainer(optimizer, lambda: cross_entropy(model(tokens).flatten(0, 1), targets))
