import torch

from cases import Family, integers, normal
from layers import add, float64

family = Family('layers_basic')

add(
    family,
    'Linear',
    lambda inputs, outputs, bias=True: torch.nn.Linear(inputs, outputs, bias),
    lambda own: {name: tensor.T if name == 'weight' else tensor for name, tensor in own.items()},
    ([3, 2, float64], {'weight': normal(3, 2), 'bias': normal(2)}, {}, normal(4, 3)),
    ([3, 2, {'bias': False, **float64}], {'weight': normal(3, 2)}, {}, normal(2, 2, 3)),
)
add(
    family,
    'Embedding',
    torch.nn.Embedding,
    lambda own: own,
    ([5, 3, float64], {'weight': normal(5, 3)}, {}, integers([[0, 4, 4], [1, 2, 0]])),
)
add(
    family,
    'LayerNorm',
    lambda features, epsilon=1e-5: torch.nn.LayerNorm(features, eps=epsilon),
    lambda own: {'weight': own['scale'], 'bias': own['shift']},
    ([4, float64], {'scale': normal(4), 'shift': normal(4)}, {}, normal(2, 3, 4)),
    ([4, {'epsilon': 0.1, **float64}], {'scale': normal(4), 'shift': normal(4)}, {}, normal(2, 4)),
)
