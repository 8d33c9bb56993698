import torch
from start import linear, trainer
from torch import nn
from torch.nn.functional import mse_loss


def program(data, variant):
    x, y = torch.from_numpy(data.x), torch.from_numpy(data.y)
    w1, b1, w2, b2 = data.parameters
    model = nn.Sequential(linear(w1, b1), nn.Sigmoid(), linear(w2, b2), nn.Sigmoid())
    optimizer = torch.optim.SGD(model.parameters(), lr=data.learning_rate)
    return trainer(optimizer, lambda: mse_loss(model(x), y))
