"""PyTorch: gradient descent by automatic differentiation, up to the last time at which it is compared."""

import serve
import torch

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu}


def flow(n, d, width, activation, steps_per_unit):
    x, weights, readout, labels = (torch.tensor(value) for value in serve.network(n, d, width))
    sigma, factor = ACTIVATIONS[activation], width**-0.5
    wanted = [time * steps_per_unit for time in serve.TIMES]
    torch.set_num_threads(1)

    def outputs(state):
        return factor * sigma(x @ state) @ readout

    def run():
        state = weights.clone().requires_grad_(True)
        optimiser = torch.optim.SGD([state], lr=1 / steps_per_unit)
        start, seen = outputs(state).detach(), []
        for number in range(wanted[-1] + 1):
            optimiser.zero_grad(set_to_none=True)
            found = outputs(state) - start
            if number in wanted:
                seen.append(found.tolist())
            (0.5 * (found - labels).square().sum()).backward()
            optimiser.step()
        return seen

    return run, lambda seen: {"seen": seen}
