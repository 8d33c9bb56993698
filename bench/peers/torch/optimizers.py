import torch

optimizers = {
    # the fused ones where there are such
    "SGD": lambda p: torch.optim.SGD(p, lr=0.01, fused=True),
    "SGD, momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, fused=True),
    "Adam": lambda p: torch.optim.Adam(p, fused=True),
    "AdamW": lambda p: torch.optim.AdamW(p, fused=True),
    "Adam, AMSGrad": lambda p: torch.optim.Adam(p, amsgrad=True, fused=True),
    "Adamax": torch.optim.Adamax,
    "NAdam": torch.optim.NAdam,
    "RAdam": torch.optim.RAdam,
    "Adagrad": lambda p: torch.optim.Adagrad(p, fused=True),
    "Adadelta": torch.optim.Adadelta,
    "RMSprop": torch.optim.RMSprop,
    "RMSprop, centered, momentum": lambda p: torch.optim.RMSprop(p, centered=True, momentum=0.9),
    "Rprop": torch.optim.Rprop,
    "ASGD": torch.optim.ASGD,
    "Adafactor": torch.optim.Adafactor,
}


def program(data, variant):
    if data.name not in optimizers:
        return None
    p = torch.nn.Parameter(torch.from_numpy(data.values))
    p.grad = torch.from_numpy(data.gradient)
    optimizer = optimizers[data.name]([p])

    def run():
        for _ in range(10):
            optimizer.step()
        with torch.no_grad():
            return [p[0, 0].item(), p[1, 0].item(), p[-1, -1].item()]

    return run
