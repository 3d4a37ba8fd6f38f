"""torch.func: the empirical kernel of fresh weights from per-sample Jacobians, the recipe in its documentation."""

from itertools import pairwise

import serve
import torch
from descent_torch import flow
from torch.func import functional_call, jacrev, vmap


def draw(n, d, depth, width, precision):
    kind = getattr(torch, precision)
    x = torch.tensor(serve.inputs(n, d), dtype=kind)
    sizes = [d, *[width] * depth, 1]
    layers = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [torch.nn.Linear(fan_in, fan_out, bias=False, dtype=kind), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    # The gradient by a standard normal W in W√(2/fan-in) is √(2/fan-in) times that by the product.
    scales = {name: (2 / w.shape[1]) ** 0.5 if w.shape[1] == width else 1.0 for name, w in network.named_parameters()}

    def output(weights, point):
        return functional_call(network, weights, (point,)).squeeze()

    def one():
        weights = {name: scales[name] * torch.randn_like(w) for name, w in network.named_parameters()}
        jacobians = vmap(jacrev(output), (None, 0))(weights, x)
        return sum(scales[name] ** 2 * (flat := jacobian.flatten(1)) @ flat.T for name, jacobian in jacobians.items())

    torch.manual_seed(0)
    return lambda: one().detach(), lambda value: float(value[0, 0])


serve.serve({"draw": draw, "flow": flow})
