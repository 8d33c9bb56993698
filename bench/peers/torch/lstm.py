import torch
from start import parameter, trainer
from torch.nn.functional import cross_entropy


def program(data, variant):
    x, y = torch.from_numpy(data.inputs), torch.from_numpy(data.labels).long()
    parameters = [parameter(array) for array in data.parameters]
    # nn.LSTM has two biases, and so learns otherwise
    wx, wh, b, w, c = parameters

    def loss():
        state = torch.zeros(data.batch, data.hidden)
        cell = torch.zeros(data.batch, data.hidden)
        for at in x:
            i, f, g, o = (at @ wx + state @ wh + b).chunk(4, 1)
            cell = f.sigmoid() * cell + i.sigmoid() * g.tanh()
            state = o.sigmoid() * cell.tanh()
        return cross_entropy(state @ w + c, y)

    return trainer(torch.optim.Adam(parameters, lr=data.learning_rate), loss)
