import jax.numpy as jnp
import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from cases import Family, floats, normal, truths
from libraries import by_jax, by_torch

family = Family('products')
minus = float('-inf')
add = family.add
matrices = (normal(3, 4), normal(4, 2))

add(
    by_torch,
    'matmul',
    torch.matmul,
    matrices,
    (normal(2, 3, 4), normal(4, 2)),
    (normal(2, 1, 3, 2), normal(3, 2, 2)),
    (normal(3), normal(3)),
    (normal(3), normal(3, 2)),
    (normal(2, 2, 3), normal(3)),
    (normal(2, 0), normal(0, 3)),
)
add(
    by_torch,
    'einsum',
    torch.einsum,
    ('ij,jk->ik', *matrices),
    ('ij,jk', *matrices),
    ('ii->i', normal(3, 3)),
    ('ij->', normal(2, 3)),
    ('bij,bjk,bk->bi', normal(2, 3, 2), normal(2, 2, 3), normal(2, 3)),
    ('...ij,...jk->...ik', normal(2, 2, 3), normal(1, 3, 2)),
    ('i,j,k->kij', normal(2), normal(2), normal(3)),
    ('iij,j->i', normal(2, 2, 3), normal(3)),
)


def contracted(a, b, axes=2):
    return torch.tensordot(a, b, axes if isinstance(axes, int) else [[x] if isinstance(x, int) else x for x in axes])


add(
    by_torch,
    'tensordot',
    contracted,
    (normal(2, 3, 2), normal(3, 2, 2)),
    (normal(2, 3), normal(3, 2), 1),
    (normal(2), normal(3), 0),
    (normal(2, 3, 4), normal(4, 5, 2), [[0, 2], [2, 0]]),
)
add(by_torch, 'outer', torch.outer, (normal(3), normal(2)))
add(by_torch, 'inner', torch.inner, (normal(2, 3), normal(4, 3)), (normal(3), normal(3)), (normal(), normal(2)))
add(by_jax, 'dot', jnp.dot, matrices, (normal(3), normal(3)), (normal(2, 3, 2), normal(2, 2, 3)), (normal(), normal(2)))
add(by_torch, 'kron', torch.kron, (normal(2), normal(3)), (normal(2, 3), normal(3, 2)), (normal(2), normal(2, 2)))
add(
    by_torch,
    'cross',
    lambda a, b, axis=-1: torch.linalg.cross(a, b, dim=axis),
    (normal(3), normal(3)),
    (normal(2, 3), normal(1, 3)),
    (normal(3, 2), normal(3, 2), 0),
)


def axes(options):
    return options.get('axes', [0, 1])


add(
    by_torch,
    'trace',
    lambda x, offset=0, options={}: torch.diagonal(x, offset, *axes(options)).sum(-1),
    normal(3, 3),
    (normal(2, 4), 1),
    (normal(2, 3, 3), -1, {'axes': [1, 2]}),
)
add(
    by_torch,
    'diagonal',
    lambda x, offset=0, options={}: torch.diagonal(x, offset, *axes(options)),
    normal(3, 3),
    (normal(2, 4), 1),
    (normal(2, 3, 4), -1, {'axes': [2, 0]}),
)
add(by_torch, 'diag', torch.diag, normal(3), (normal(2), -1), normal(2, 3), (normal(3, 3), 1))
add(by_torch, 'tril', torch.tril, normal(3, 3), (normal(2, 2, 3), 1), (normal(3, 2), -1))
add(by_torch, 'triu', torch.triu, normal(3, 3), (normal(2, 2, 3), 1), (normal(3, 2), -1))


def distances(a, b, options={}):
    return torch.linalg.vector_norm(a.unsqueeze(-2) - b.unsqueeze(-3), options.get('p', 2), -1)


orders = [0, 0.5, 1, 1.5, 2, 3, float('inf')]
add(
    by_torch,
    'cdist',
    distances,
    (normal(3, 2), normal(4, 2)),
    (normal(2, 3, 2), normal(1, 2, 2)),
    *[(normal(2, 3), normal(3, 3), {'p': p}) for p in orders],
)


def attention(q, k, v, options={}):
    # which has a second derivative
    with sdpa_kernel(SDPBackend.MATH):
        return F.scaled_dot_product_attention(
            q,
            k,
            v,
            options.get('mask'),
            is_causal=options.get('causal', False),
            scale=options.get('scale'),
            enable_gqa=options.get('groupedQueries', False),
        )


add(
    by_torch,
    'scaledDotProductAttention',
    attention,
    (normal(3, 2), normal(4, 2), normal(4, 3)),
    (normal(2, 3, 2), normal(2, 3, 2), normal(2, 3, 2), {'causal': True}),
    (normal(2, 2), normal(3, 2), normal(3, 2), {'mask': truths([[1, 0, 1], [1, 1, 0]])}),
    (normal(3, 2), normal(4, 2), normal(4, 3), {'scale': 0.3}),
    (normal(3, 2), normal(4, 2), normal(4, 3), {'mask': normal(3, 4)}),
    (normal(2, 2, 2), normal(2, 3, 2), normal(2, 3, 1), {'mask': normal(2, 1, 3), 'scale': -1.5}),
    (normal(2, 2), normal(3, 2), normal(3, 2), {'mask': floats([[0.5, minus, 0], [minus, minus, -2]])}),
    (normal(1, 4, 2, 2), normal(1, 2, 3, 2), normal(1, 2, 3, 2), {'groupedQueries': True}),
    (normal(1, 6, 2, 2), normal(1, 2, 2, 2), normal(1, 2, 2, 1), {'groupedQueries': True, 'causal': True}),
    (normal(1, 4, 2, 2), normal(1, 1, 2, 2), normal(1, 1, 2, 2), {'groupedQueries': True, 'mask': normal(4, 2, 2), 'scale': 2}),
)
