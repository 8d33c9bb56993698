import torch

from cases import Family, integers, normal
from layers import add, float64

family = Family('layers_embeddings')


def own(parameters):
    return parameters




class Shortened(torch.nn.Module):
    def __init__(self, count, size, maxNorm, order=2, paddingIndex=None):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(count, size))
        self.most, self.order, self.padding = maxNorm, order, paddingIndex

    def forward(self, indices):
        found = torch.nn.functional.embedding(indices, self.weight, self.padding)
        norms = torch.linalg.vector_norm(found, self.order, -1, keepdim=True)
        short = torch.where(norms > self.most, found * (self.most / norms), found)
        with torch.no_grad():
            table = self.weight.detach().clone()
            theirs = torch.nn.functional.embedding(indices, table, self.padding, self.most, self.order)
            assert torch.allclose(theirs, short, rtol=1e-6, atol=1e-6)
        return short


def embedding(count, size, paddingIndex=None, **options):
    if options:
        return Shortened(count, size, paddingIndex=paddingIndex, **options)
    return torch.nn.Embedding(count, size, padding_idx=paddingIndex)


some = integers([[0, 4, 4], [1, 2, 0]])
add(
    family,
    'Embedding',
    embedding,
    own,
    ([5, 3, {'paddingIndex': 4, **float64}], {'weight': normal(5, 3)}, {}, some),
    ([5, 3, {'paddingIndex': 0, **float64}], {'weight': normal(5, 3)}, {'train': True}, some),
    ([5, 3, {'maxNorm': 1.2, **float64}], {'weight': normal(5, 3)}, {}, some),
    ([5, 3, {'maxNorm': 0.7, 'order': 1, 'paddingIndex': 2, **float64}], {'weight': normal(5, 3)}, {}, some),
    ([5, 3, {'maxNorm': 0.9, 'order': 3, **float64}], {'weight': normal(5, 3)}, {}, some),
)


def bag(count, size, mode='mean', paddingIndex=None):
    return torch.nn.EmbeddingBag(count, size, mode=mode, padding_idx=paddingIndex)


def call(run, indices, options=None):
    options = options or {}
    return run(indices, options.get('offsets'), options.get('weights'))


line = integers([0, 4, 4, 1, 2, 0])
at = {'offsets': integers([0, 2, 2, 5])}
# the last bag is empty
ending = {'offsets': integers([0, 4, 6])}
add(
    family,
    'EmbeddingBag',
    bag,
    own,
    ([5, 3, float64], {'weight': normal(5, 3)}, {}, some),
    ([5, 3, float64], {'weight': normal(5, 3)}, {}, line, at),
    ([5, 3, {'mode': 'sum', **float64}], {'weight': normal(5, 3)}, {}, some),
    ([5, 3, {'mode': 'sum', **float64}], {'weight': normal(5, 3)}, {}, line, ending),
    ([5, 3, {'mode': 'sum', **float64}], {'weight': normal(5, 3)}, {}, some, {'weights': normal(2, 3)}),
    ([5, 3, {'mode': 'sum', **float64}], {'weight': normal(5, 3)}, {}, line, at | {'weights': normal(6)}),
    ([5, 3, {'mode': 'max', **float64}], {'weight': normal(5, 3)}, {}, some),
    ([5, 3, {'mode': 'max', **float64}], {'weight': normal(5, 3)}, {}, line, at),
    ([5, 3, {'paddingIndex': 4, **float64}], {'weight': normal(5, 3)}, {}, some),
    ([5, 3, {'paddingIndex': 0, **float64}], {'weight': normal(5, 3)}, {}, line, at),
    ([5, 3, {'mode': 'sum', 'paddingIndex': 4, **float64}], {'weight': normal(5, 3)}, {}, line, at),
    (
        [5, 3, {'mode': 'sum', 'paddingIndex': 4, **float64}],
        {'weight': normal(5, 3)},
        {},
        line,
        ending | {'weights': normal(6)},
    ),
    ([5, 3, {'mode': 'max', 'paddingIndex': 4, **float64}], {'weight': normal(5, 3)}, {}, line, ending),
    ([5, 3, {'mode': 'max', 'paddingIndex': 4, **float64}], {'weight': normal(5, 3)}, {}, integers([[4, 4], [4, 1]])),
    call=call,
)

add(
    family,
    'Bilinear',
    torch.nn.Bilinear,
    lambda own: {name: tensor.permute(2, 0, 1) if name == 'weight' else tensor for name, tensor in own.items()},
    ([3, 2, 4, float64], {'weight': normal(3, 2, 4), 'bias': normal(4)}, {}, normal(2, 3), normal(2, 2)),
    ([2, 3, 1, {'bias': False, **float64}], {'weight': normal(2, 3, 1)}, {}, normal(2, 1, 2), normal(2, 1, 3)),
)
