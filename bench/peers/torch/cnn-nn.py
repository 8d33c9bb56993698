from cnn import convolution
import torch
from start import linear, trainer
from torch import nn
from torch.nn.functional import cross_entropy


def program(data, variant):
    x, y = torch.from_numpy(data.images), torch.from_numpy(data.labels).long()
    k1, b1, k2, b2, w, b = data.parameters
    model = nn.Sequential(
        convolution(k1, b1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        convolution(k2, b2),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        linear(w, b),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=data.learning_rate)
    return trainer(optimizer, lambda: cross_entropy(model(x), y))
