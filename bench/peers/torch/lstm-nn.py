import torch
from start import parameter


def program(data, variant):
    x = torch.from_numpy(data.rows).transpose(0, 1).contiguous()
    lstm = torch.nn.LSTM(data.width, data.width, batch_first=True)
    wx, wh, b = data.parameters
    lstm.weight_ih_l0 = parameter(wx.T.copy())
    lstm.weight_hh_l0 = parameter(wh.T.copy())
    lstm.bias_ih_l0 = parameter(b)
    # a constant: there is one bias elsewhere
    lstm.bias_hh_l0 = torch.nn.Parameter(torch.zeros(4 * data.width), requires_grad=False)
    trained = [lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0]

    def run():
        output, _ = lstm(x)
        gradients = torch.autograd.grad(output.square().mean(), trained)
        return [end.item() for gradient in gradients for end in (gradient.flatten()[0], gradient.flatten()[-1])]

    return run
