import torch


def program(data, variant):
    def leaf(number):
        return torch.tensor([number], requires_grad=True)

    x = leaf(data.start)
    w = leaf(data.factor) if data.parameters else data.factor
    b = leaf(data.summand) if data.parameters else data.summand
    leaves = [x, w, b] if data.parameters else [x]

    def run():
        for one in leaves:
            one.grad = None
        y = x
        for _ in range(0, data.length, 2):
            y = y * w + b
        y.sum().backward()
        return [y.item(), *(one.grad.item() for one in leaves)]

    return run
