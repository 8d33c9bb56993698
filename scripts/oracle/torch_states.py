"""Small models of PyTorch with inputs and outputs, for packages/formats/test/fixtures/torch: what loadStateDict(state, { from: 'torch' })
is held to.

    $ADJOINT_PYTHON scripts/oracle/torch_states.py

The Python must have torch and safetensors. A file has the state under its names after 'state.', and the arguments and results of a
call in evaluation as 'input.0', ..., 'output.0', ...; one with 'float32' in its name is of floats of 32 bits.
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import parametrizations

folder = pathlib.Path(__file__).parents[2] / 'packages/formats/test/fixtures/torch'
folder.mkdir(exist_ok=True)
torch.backends.mha.set_fastpath_enabled(False)
torch.set_default_dtype(torch.float64)


def flat(result):
    if isinstance(result, torch.Tensor):
        return [result]
    return [leaf for item in result if item is not None for leaf in flat(item)]


def save(name, model, *inputs, call=None, train=0):
    torch.manual_seed(len(name))
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.5)
    model.train()
    for _ in range(train):
        model(torch.randn(inputs[0].shape))
    model.eval()
    output = flat((call or (lambda *given: model(*given)))(*inputs))
    tensors = {f'state.{key}': value.detach().clone() for key, value in model.state_dict().items()}
    tensors |= {f'input.{i}': x.clone() for i, x in enumerate(inputs)}
    tensors |= {f'output.{i}': x.detach().clone().contiguous() for i, x in enumerate(output)}
    save_file(tensors, folder / f'{name}.safetensors')


torch.manual_seed(0)
x = lambda *shape: torch.randn(*shape)

save('mlp', nn.Sequential(nn.Linear(3, 5), nn.PReLU(), nn.LayerNorm(5), nn.Linear(5, 5, bias=False), nn.PReLU(5), nn.RMSNorm(5, 1e-5), nn.Linear(5, 2)), x(4, 3))


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.ModuleDict({
            'first': nn.Conv2d(2, 4, 3, padding=1), 'norm': nn.BatchNorm2d(4), 'groups': nn.GroupNorm(2, 4),
            'up': nn.ConvTranspose2d(4, 3, 2, stride=2), 'last': nn.InstanceNorm2d(3, affine=True, track_running_stats=True),
        })
        self.head = nn.Linear(3 * 8 * 8, 2)

    def forward(self, x):
        for layer in self.features.values():
            x = layer(x)
        return self.head(x.flatten(1))


save('cnn', CNN(), x(2, 2, 4, 4), train=3)
save('conv1d', nn.Sequential(nn.Conv1d(2, 4, 3, groups=2), nn.BatchNorm1d(4, affine=False), nn.ConvTranspose1d(4, 2, 3, groups=2)), x(2, 2, 6), train=1)

both = dict(num_layers=2, bidirectional=True, batch_first=True)
save('rnn', nn.RNN(3, 2, batch_first=True), x(2, 5, 3))
save('lstm', nn.LSTM(3, 2, batch_first=True), x(2, 5, 3))
save('lstm-both', nn.LSTM(3, 2, **both), x(2, 5, 3))
save('lstm-projected', nn.LSTM(3, 4, proj_size=2, bias=False, **both), x(2, 5, 3))
save('gru', nn.GRU(3, 2, batch_first=True), x(2, 5, 3))
save('gru-both', nn.GRU(3, 2, **both), x(2, 5, 3))
save('gru-unbiased', nn.GRU(3, 2, bias=False, batch_first=True), x(2, 5, 3))
save('lstm-cell', nn.LSTMCell(3, 2), x(2, 3))
save('gru-cell', nn.GRUCell(3, 2), x(2, 3))
save('rnn-cell', nn.RNNCell(3, 2), x(2, 3))

attention = lambda model: lambda *given: model(*given, need_weights=False)[0]
for name, words, inputs in [
    ('mha', {}, [x(2, 3, 4)] * 3),
    ('mha-unbiased', {'bias': False}, [x(2, 3, 4)] * 3),
    ('mha-sizes', {'kdim': 3, 'vdim': 5}, [x(2, 3, 4), x(2, 2, 3), x(2, 2, 5)]),
]:
    model = nn.MultiheadAttention(4, 2, batch_first=True, **words)
    save(name, model, *inputs, call=attention(model))

words = dict(dim_feedforward=6, batch_first=True, activation='gelu')
encoder = nn.TransformerEncoderLayer(4, 2, norm_first=True, **words)
save('encoder', nn.TransformerEncoder(encoder, 2, nn.LayerNorm(4), enable_nested_tensor=False), x(2, 3, 4))
save('decoder', nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, **words), 2), x(2, 3, 4), x(2, 2, 4))
save('transformer', nn.Transformer(4, 2, 1, 1, **words), x(2, 3, 4), x(2, 2, 4))

save('bilinear', nn.Bilinear(3, 4, 2), x(5, 3), x(5, 4))


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(5, 3)
        self.head = nn.Linear(3, 5, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, indices):
        return self.head(self.embedding(indices).mean(1))


save('tied', Tied(), torch.tensor([[0, 4], [2, 2]]))

torch.manual_seed(1)
norms = nn.Sequential(
    parametrizations.weight_norm(nn.Linear(3, 4)), parametrizations.spectral_norm(nn.Linear(4, 3, bias=False)), nn.Unflatten(1, (3, 1)),
    parametrizations.weight_norm(nn.Conv1d(3, 2, 1)), parametrizations.spectral_norm(nn.Conv1d(2, 3, 1)), nn.Flatten(), parametrizations.weight_norm(nn.Linear(3, 3), dim=None),
)
save('norms', norms, x(2, 3), train=2)

torch.set_default_dtype(torch.float32)
save('float32', nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)), x(4, 3), train=2)
print(f'{sum(path.stat().st_size for path in folder.iterdir())} bytes in {folder}')
