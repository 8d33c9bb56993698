import torch
from torch import nn


def start(variant):
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)


def parameter(array):
    return nn.Parameter(torch.from_numpy(array))


def linear(weight, bias):
    """A layer with a weight [inputs, outputs]; torch keeps it the other way round."""
    layer = nn.Linear(*weight.shape)
    layer.weight = parameter(weight.T.copy())
    layer.bias = parameter(bias)
    return layer


def trainer(optimizer, loss):
    """One step of training: the loss before it."""

    def run():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        optimizer.step()
        return [value.item()]

    return run
