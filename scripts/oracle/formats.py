"""Files as Python writes them, for packages/formats/test/fixtures; and ours, as Python reads them.

    $ADJOINT_PYTHON scripts/oracle/formats.py         writes the fixtures
    $ADJOINT_PYTHON scripts/oracle/formats.py read    has scripts/oracle/program.ts write files, and reads them

The Python must have torch, safetensors and numpy.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import safetensors
import safetensors.numpy
import safetensors.torch
import torch

here = pathlib.Path(__file__).parent
root = here.parents[1]
fixtures = root / 'packages/formats/test/fixtures'

floats = [0.1, -1.5, 0.0, -0.0, math.nan, math.inf, -math.inf, 1e-7]
integers = [0, 1, -1, 127, -128]


def number(x):
    x = float(x)
    if math.isnan(x):
        return 'NaN'
    if math.isinf(x):
        return 'Infinity' if x > 0 else '-Infinity'
    return '-0' if x == 0 and math.copysign(1, x) < 0 else int(x) if x == int(x) else x


def plain(array, dtype):
    """As tensor(...) takes it."""
    return {'shape': list(array.shape), 'dtype': dtype, 'data': [number(x) for x in array.reshape(-1).tolist()]}


def ours(array):
    kind = array.dtype.name if isinstance(array, np.ndarray) else str(array.dtype).removeprefix('torch.')
    if kind == 'float64':
        return plain(array, 'float64')
    if kind == 'bool':
        return plain(array, 'bool')
    return plain(array, 'float32' if 'float' in kind else 'int32')


def write():
    fixtures.mkdir(exist_ok=True)
    expected = {}

    tensors = {kind: torch.tensor(floats, dtype=getattr(torch, kind)).reshape(2, 4)
               for kind in ['float64', 'float32', 'float16', 'bfloat16']}
    tensors |= {kind: torch.tensor(integers, dtype=getattr(torch, kind)) for kind in ['int64', 'int32', 'int16', 'int8']}
    tensors |= {'uint8': torch.tensor([0, 255], dtype=torch.uint8), 'bool': torch.tensor([True, False, True]),
                'scalar': torch.tensor(2.5), 'empty': torch.zeros(0, 3), 'layers.0.weight': torch.eye(2)}
    safetensors.torch.save_file(tensors, fixtures / 'dtypes.safetensors', metadata={'format': 'pt', 'text': 'ä "quoted"'})
    expected['dtypes.safetensors'] = {name: ours(x) for name, x in tensors.items()}
    safetensors.torch.save_file({'a': torch.ones(3), 'scaled': torch.ones(4).to(torch.float8_e4m3fn)}, fixtures / 'fp8.safetensors')
    safetensors.torch.save_file({'ids': torch.tensor([1, 2**31])}, fixtures / 'long.safetensors')

    arrays = {kind: np.array(floats, dtype=kind).reshape(2, 4) for kind in ['f8', 'f4', 'f2', '>f8', '>f4', '>f2']}
    arrays |= {kind: np.array(integers, dtype=kind) for kind in ['i8', 'i4', 'i2', 'i1', '>i8', '>i4', '>i2']}
    arrays |= {kind: np.array([0, 1, 255], dtype=kind) for kind in ['u8', 'u4', 'u2', 'u1', '>u8', '>u4', '>u2']}
    cube = np.arange(24, dtype='f4').reshape(2, 3, 4)
    arrays |= {'bool': np.array([True, False]), 'scalar': np.array(2.5), 'empty': np.zeros((0, 3)), 'columns': np.asfortranarray(cube),
               'strided': cube[:, ::2, ::-1], 'ä.b': np.arange(3.0)}
    np.savez(fixtures / 'dtypes.npz', **arrays)
    np.savez_compressed(fixtures / 'compressed.npz', **arrays)
    expected['dtypes.npz'] = expected['compressed.npz'] = {name: ours(np.ascontiguousarray(x).reshape(x.shape)) for name, x in arrays.items()}
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(fixtures / f'version-{version[0]}.npy', 'wb') as file:
            np.lib.format.write_array(file, cube, version)
        expected[f'version-{version[0]}.npy'] = ours(cube)
    np.save(fixtures / 'objects.npy', np.array([{'a': 1}, None]), allow_pickle=True)
    np.save(fixtures / 'records.npy', np.zeros(2, dtype=[('a', '<f4'), ('b', '<i4', (2,))]))
    np.save(fixtures / 'text.npy', np.array(['text']))

    versions = {'safetensors': safetensors.__version__, 'numpy': np.__version__, 'torch': torch.__version__}
    lines = ',\n'.join(json.dumps(name) + ': ' + json.dumps(value, separators=(',', ':'), ensure_ascii=False, allow_nan=False) for name, value in expected.items())
    (fixtures / 'expected.json').write_text(f'{{\n"versions": {json.dumps(versions)},\n{lines}\n}}\n')
    print(f'{sum(path.stat().st_size for path in fixtures.iterdir() if path.is_file())} bytes in {fixtures}')


def same(array, wanted):
    assert list(array.shape) == wanted['shape'], (array.shape, wanted['shape'])
    assert str(array.dtype) == wanted['dtype'], (array.dtype, wanted['dtype'])
    assert [number(x) for x in array.reshape(-1).tolist()] == wanted['data'], (array, wanted['data'])


def read():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        program = ['npx', 'tsx', '--conditions=source', 'scripts/oracle/program.ts', name]
        subprocess.run(program, cwd=root, check=True)
        expected = json.loads((folder / 'expected.json').read_text())
        for file, wanted in expected.items():
            path = folder / file
            if file.endswith('.safetensors'):
                got = safetensors.numpy.load_file(path)
                with safetensors.safe_open(path, 'pt') as opened:
                    assert set(opened.keys()) == set(wanted)
                    print(file, 'metadata', {key: text[:60] for key, text in (opened.metadata() or {}).items()})
                for name, value in safetensors.torch.load_file(path).items():
                    same(value.numpy(), wanted[name])
            else:
                got = np.load(path)
            if file.endswith('.npy'):
                same(got, wanted)
                assert got.flags.c_contiguous
            else:
                assert set(got.keys()) == set(wanted), (set(got.keys()), set(wanted))
                for name, value in wanted.items():
                    same(got[name], value)
            print(f'{file}: Python reads what was written')


read() if sys.argv[1:] == ['read'] else write()
