"""What PyTorch's schedulers make of a learning rate of 1, and some of momentum or betas: its value at each of 100 steps."""

import torch
from torch.optim.lr_scheduler import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

from cases import Recorded

family = Recorded()
steps = 100
torch.set_default_dtype(torch.float64)


def rounded(values):
    """Fourteen digits: they are compared to ten."""
    return [float(f'{x:.14g}') for x in values]


def make(rate=1.0, **options):
    parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    return torch.optim.SGD([parameter], lr=rate, **options)


def follow(name, of, count=steps, hyper='lr', **options):
    optimizer = make(**options)
    scheduler = of(optimizer)
    values = []
    for _ in range(count):
        values.append(float(optimizer.param_groups[0][hyper]))
        optimizer.step()
        scheduler.step()
    family.cases.append({'name': name, 'values': rounded(values)})


follow('lambda', lambda o: LambdaLR(o, lambda step: 1 / (1 + step)))
follow('constant', lambda o: ConstantLR(o, factor=0.3, total_iters=40))
follow('linear', lambda o: LinearLR(o, start_factor=0.2, end_factor=0.9, total_iters=70))
follow('step', lambda o: StepLR(o, step_size=13, gamma=0.4))
follow('multistep', lambda o: MultiStepLR(o, milestones=[10, 10, 55, 80], gamma=0.3))
follow('exponential', lambda o: ExponentialLR(o, gamma=0.97))
follow('polynomial', lambda o: PolynomialLR(o, total_iters=80, power=1.7))
follow('cosine', lambda o: CosineAnnealingLR(o, T_max=99, eta_min=0.05))
follow('restarts', lambda o: CosineAnnealingWarmRestarts(o, T_0=20, eta_min=0.1))
follow('growingRestarts', lambda o: CosineAnnealingWarmRestarts(o, T_0=7, T_mult=2, eta_min=0.02))


def one_cycle(**options):
    return lambda o: OneCycleLR(o, max_lr=1.0, total_steps=steps + 1, cycle_momentum=o.defaults['momentum'] > 0, **options)


cycles = {
    'Cosine': dict(),
    'Linear': dict(anneal_strategy='linear', pct_start=0.45, div_factor=10.0, final_div_factor=50.0),
    'ThreeCosine': dict(three_phase=True, pct_start=0.4),
    'ThreeLinear': dict(three_phase=True, anneal_strategy='linear'),
}
for kind, options in cycles.items():
    follow(f'oneCycle{kind}', one_cycle(**options))
    follow(f'oneCycle{kind}Momentum', one_cycle(**options), hyper='momentum', momentum=0.9)


def cyclic(**options):
    return lambda o: CyclicLR(o, base_lr=0.2, max_lr=1.0, cycle_momentum=o.defaults['momentum'] > 0, **options)


modes = {
    'Triangular': dict(step_size_up=9),
    'Halving': dict(step_size_up=9, step_size_down=4, mode='triangular2'),
    'Exponential': dict(step_size_up=7, step_size_down=11, mode='exp_range', gamma=0.98),
}
for kind, options in modes.items():
    follow(f'cyclic{kind}', cyclic(**options))
    follow(f'cyclic{kind}Momentum', cyclic(**options), hyper='momentum', momentum=0.9)

follow(
    'sequence',
    lambda o: SequentialLR(
        o,
        [ConstantLR(o, factor=0.1, total_iters=100), ExponentialLR(o, gamma=0.9), StepLR(o, step_size=5, gamma=0.5)],
        milestones=[12, 60],
    ),
)
follow(
    'product',
    lambda o: ChainedScheduler([ConstantLR(o, factor=0.1, total_iters=20), ExponentialLR(o, gamma=0.95)], optimizer=o),
)


# losses that fall, stay and rise
losses = [round(1 / (1 + 0.3 * min(i, 20)) + 0.3 * abs(((i * 7) % 11) - 5) / 50 + (0.2 if i > 70 else 0), 6) for i in range(steps)]


def plateau(name, **options):
    optimizer = make()
    scheduler = ReduceLROnPlateau(optimizer, **options)
    values = []
    for loss in losses:
        scheduler.step(loss)
        values.append(float(optimizer.param_groups[0]['lr']))
    family.cases.append({'name': name, 'observed': losses, 'values': rounded(values)})


plateau('plateau')
plateau('plateauQuick', factor=0.5, patience=3, cooldown=4, min_lr=0.01)
plateau('plateauAbsolute', factor=0.7, patience=2, threshold=0.02, threshold_mode='abs')
plateau('plateauMax', factor=0.8, patience=5, mode='max', threshold=0.1)
plateau('plateauMaxAbsolute', factor=0.8, patience=1, mode='max', threshold=0.05, threshold_mode='abs', cooldown=1)
