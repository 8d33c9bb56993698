import torch


def program(data, variant):
    x = torch.from_numpy(data.x).requires_grad_()

    def run():
        value = ((2 * x + 1).tanh() * x.sigmoid() + (-x.square()).exp()).sum()
        (gradient,) = torch.autograd.grad(value, x)
        return [value.item(), gradient[0].item(), gradient[-1].item()]

    return run
