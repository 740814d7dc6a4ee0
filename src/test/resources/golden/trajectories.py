"""Ten training steps of small networks in PyTorch, the golden values of GoldenTrajectoryTest, and
how many iterations its LBFGS takes for the quadratic function of LbfgsTest.

    python3 trajectories.py > trajectories.csv

Made with PyTorch 1.13. Everything is in double precision; weights, inputs and targets are closed
formulas, so that nothing random needs to be carried over. A line of the output is
case,what,index,value: the loss of the batch before a step, or after the last one a parameter or a
running statistic.
"""

import math

import torch
from torch import nn

ROWS, INPUTS, HIDDEN, OUTPUTS, BATCH, STEPS = 12, 4, 5, 3, 4, 10
STEPS_PER_EPOCH = 2

torch.set_default_dtype(torch.float64)

x = torch.tensor([[math.cos(1 + i * INPUTS + k) for k in range(INPUTS)] for i in range(ROWS)])
numbers = torch.tensor([[0.8 * math.sin(2 + i * OUTPUTS + j) for j in range(OUTPUTS)] for i in range(ROWS)])
classes = torch.tensor([i % OUTPUTS for i in range(ROWS)])
counts = torch.tensor([[float((i + j) % 4) for j in range(OUTPUTS)] for i in range(ROWS)])
labels = torch.tensor([[float((i >> j) & 1) for j in range(OUTPUTS)] for i in range(ROWS)])


def network(hidden, output):
    model = nn.Sequential(nn.Linear(INPUTS, HIDDEN), hidden, nn.Linear(HIDDEN, OUTPUTS), output)
    index = 0
    for parameter in model.parameters():  # W(1), b(1), (slope,) W(2), b(2), each row by row
        flat = [0.5 * math.sin(1 + index + i) for i in range(parameter.numel())]
        parameter.data = torch.tensor(flat).reshape(parameter.shape)
        index += parameter.numel()
    return model


class Residual(nn.Module):
    """f(x) + x, or f(x) + W x."""

    def __init__(self, f, inputs=None, outputs=None):
        super().__init__()
        self.f = f
        self.skip = nn.Identity() if inputs is None else nn.Linear(inputs, outputs, bias=False)

    def forward(self, x):
        return self.f(x) + self.skip(x)


def groups(model, decay):
    """Weights, which alone decay, and the others."""
    weights = [p for p in model.parameters() if p.dim() == 2]
    biases = [p for p in model.parameters() if p.dim() == 1]
    return [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0}]


def coslog4(t):
    """RealMLP's (Holzmüller et al. 2024)."""
    return 0.5 * (1 - math.cos(2 * math.pi * math.log2(1 + 15 * t)))


def flat_cos(t):
    """RealMLP's."""
    return 1.0 if t <= 0.5 else 0.5 * (1 + math.cos(math.pi * (2 * t - 1)))


def by_progress(factor):
    return lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda step: factor(step / STEPS))


def run(name, model, loss, targets, optimizer, l1=0.0, l2=0.0, clip=None, schedule=None, decay=None):
    scheduler = None if schedule is None else schedule(optimizer)
    for step in range(STEPS):
        rows = [(step * BATCH + i) % ROWS for i in range(BATCH)]
        optimizer.zero_grad()
        value = loss(model(x[rows]), targets[rows])
        print(f"{name},loss,{step},{value.item():.12g}")
        penalty = sum(l1 * p.abs().sum() + l2 / 2 * (p * p).sum() for p in model.parameters() if p.dim() == 2)
        (value + penalty).backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        if decay is not None:
            optimizer.param_groups[0]["weight_decay"] = decay(step / STEPS)
        optimizer.step()
        if isinstance(scheduler, torch.optim.lr_scheduler.CosineAnnealingWarmRestarts):
            scheduler.step((step + 1) / STEPS_PER_EPOCH)
        elif scheduler is not None and step + 1 < STEPS:
            scheduler.step()
    flat = torch.cat([p.detach().reshape(-1) for p in model.parameters()])
    for index, value in enumerate(flat):
        print(f"{name},parameter,{index},{value.item():.12g}")
    running = [b.reshape(-1) for b in model.buffers() if b.is_floating_point()]  # means and variances in turn
    for index, value in enumerate(torch.cat(running) if running else []):
        print(f"{name},statistic,{index},{value.item():.12g}")


class NAdam(torch.optim.Optimizer):
    """The documented NAdam, as PyTorch 2 computes it; 1.13 has a factor mu(t) too many in the
    product up to t + 1."""

    def __init__(self, parameters, lr, beta1=0.9, beta2=0.999, eps=1e-8, momentum_decay=4e-3):
        super().__init__(parameters, {"lr": lr})
        self.beta1, self.beta2, self.eps, self.momentum_decay = beta1, beta2, eps, momentum_decay
        self.t, self.product = 0, 1.0

    def mu(self, t):
        return self.beta1 * (1 - 0.5 * 0.96 ** (t * self.momentum_decay))

    @torch.no_grad()
    def step(self):
        self.t += 1
        mu, following = self.mu(self.t), self.mu(self.t + 1)
        self.product *= mu
        for group in self.param_groups:
            for p in group["params"]:
                m, v = self.state[p].get("moments", (torch.zeros_like(p), torch.zeros_like(p)))
                m = self.beta1 * m + (1 - self.beta1) * p.grad
                v = self.beta2 * v + (1 - self.beta2) * p.grad ** 2
                self.state[p]["moments"] = (m, v)
                root = (v / (1 - self.beta2 ** self.t)).sqrt() + self.eps
                hat = following * m / (1 - self.product * following) + (1 - mu) * p.grad / (1 - self.product)
                p -= group["lr"] * hat / root


def run_lbfgs(name, model, loss, targets, l2):
    """Full batches, the penalty in the objective. A loss is that before a step, with the penalty."""
    weights = [p for p in model.parameters() if p.dim() == 2]
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=1, max_eval=1000, tolerance_grad=0,
                                  tolerance_change=0, history_size=3, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = loss(model(x), targets) + sum(l2 / 2 * (p * p).sum() for p in weights)
        value.backward()
        return value

    for step in range(STEPS):
        print(f"{name},loss,{step},{optimizer.step(closure).item():.12g}")
    flat = torch.cat([p.detach().reshape(-1) for p in model.parameters()])
    for index, value in enumerate(flat):
        print(f"{name},parameter,{index},{value.item():.12g}")


def iterations_of_lbfgs(history, start):
    """Down to a gradient of at most 1e-3 of the sum of c_i (x_i - i)^2 / 2, c from 1 to 1000."""
    n = len(start)
    c = torch.tensor([1000 ** (i / (n - 1)) for i in range(n)])
    at = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.LBFGS([at], max_iter=1000, max_eval=100000, tolerance_grad=1e-3, tolerance_change=0,
                                  history_size=history, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = (c * (at - torch.arange(n)) ** 2).sum() / 2
        value.backward()
        return value

    optimizer.step(closure)
    return optimizer.state[at]["n_iter"]


def count_lbfgs(history):
    """What is a millionth elsewhere at the start is many iterations at the end: the fewest and the most of 30 starts."""
    counts = [iterations_of_lbfgs(history, [1e-6 * math.sin(1 + s * 20 + i) for i in range(20)]) for s in range(30)]
    print(f"lbfgs-bowl,fewest,{history},{min(counts)}")
    print(f"lbfgs-bowl,most,{history},{max(counts)}")


def main():
    m = network(nn.Tanh(), nn.Identity())
    run("momentum", m, nn.CrossEntropyLoss(), classes, torch.optim.SGD(m.parameters(), lr=0.3, momentum=0.9))

    m = network(nn.ReLU(), nn.Identity())
    sigmoid = nn.BCEWithLogitsLoss(reduction="sum")
    run("nesterov", m, lambda z, y: sigmoid(z, y) / BATCH, labels,
        torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.8, nesterov=True), l1=0.01, l2=0.05)

    m = network(nn.SiLU(), nn.Identity())
    run("adam", m, nn.CrossEntropyLoss(), classes, torch.optim.Adam(m.parameters(), lr=0.1), clip=0.2,
        schedule=lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=STEPS))

    m = network(nn.ELU(), nn.Tanh())
    run("adamw", m, nn.MSELoss(), numbers, torch.optim.AdamW(groups(m, 0.3), lr=0.05))

    m = network(nn.GELU(), nn.Identity())
    run("rmsprop", m, nn.HuberLoss(delta=0.5), numbers, torch.optim.RMSprop(m.parameters(), lr=0.01, momentum=0.5))

    m = network(nn.Softplus(), nn.SELU())
    run("sgd", m, nn.L1Loss(), numbers, torch.optim.SGD(m.parameters(), lr=0.2))

    m = network(nn.Tanh(), nn.Identity())
    run("nadam", m, nn.CrossEntropyLoss(), classes, NAdam(m.parameters(), lr=0.05))

    m = network(nn.SiLU(), nn.Identity())
    run("adagrad", m, nn.MSELoss(), numbers,
        torch.optim.Adagrad(m.parameters(), lr=0.1, initial_accumulator_value=0.2))

    m = network(nn.Sigmoid(), nn.Identity())
    run("adadelta", m, lambda z, y: sigmoid(z, y) / BATCH, labels, torch.optim.Adadelta(m.parameters()))

    m = network(nn.Tanh(), nn.Identity())
    run("rprop", m, nn.MSELoss(), numbers, torch.optim.Rprop(m.parameters()))

    m = network(nn.Mish(), nn.Identity())
    run("one-cycle", m, nn.CrossEntropyLoss(), classes, torch.optim.Adam(m.parameters(), lr=0.1),
        schedule=lambda o: torch.optim.lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=STEPS, cycle_momentum=False))

    m = network(nn.Tanh(), nn.Identity())
    run("restarts", m, nn.MSELoss(), numbers, torch.optim.SGD(m.parameters(), lr=0.2, momentum=0.5),
        schedule=lambda o: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=1, T_mult=2, eta_min=0.02))

    m = network(nn.Tanh(), nn.Identity())
    run("smoothing", m, nn.CrossEntropyLoss(label_smoothing=0.1), classes,
        torch.optim.SGD(m.parameters(), lr=0.3, momentum=0.9))

    def focal(z, y):  # gamma 2
        p = torch.softmax(z, 1)[torch.arange(BATCH), y]
        return -((1 - p) ** 2 * torch.log(p)).mean()

    m = network(nn.SiLU(), nn.Identity())
    run("focal", m, focal, classes, torch.optim.SGD(m.parameters(), lr=0.3, momentum=0.5))

    m = network(nn.Tanh(), nn.Identity())
    run("poisson", m, nn.PoissonNLLLoss(), counts, torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.5))

    m = network(nn.Tanh(), nn.Identity())
    run("quantile", m, lambda a, y: torch.maximum(0.8 * (y - a), -0.2 * (y - a)).mean(), numbers,
        torch.optim.SGD(m.parameters(), lr=0.1))

    m = network(nn.PReLU(), nn.Identity())
    run("prelu", m, nn.CrossEntropyLoss(), classes, torch.optim.AdamW(groups(m, 0.3), lr=0.04))

    m = network(nn.Sequential(nn.Tanh(), nn.LayerNorm(HIDDEN)), nn.Identity())
    run("layer-norm", m, nn.CrossEntropyLoss(), classes, torch.optim.AdamW(groups(m, 0.3), lr=0.04))

    m = network(
        nn.Sequential(nn.Tanh(), nn.BatchNorm1d(HIDDEN), nn.Linear(HIDDEN, 2), nn.SiLU(),
                      nn.BatchNorm1d(2, eps=1e-3, momentum=0.25), nn.Linear(2, HIDDEN), nn.Tanh()), nn.Identity())
    run("batch-norm", m, nn.CrossEntropyLoss(), classes, torch.optim.AdamW(groups(m, 0.3), lr=0.04))

    inner = Residual(nn.Sequential(nn.Linear(2, HIDDEN), nn.Tanh()), 2, HIDDEN)
    outer = Residual(nn.Sequential(nn.Linear(HIDDEN, 2), nn.SiLU(), inner))
    m = network(nn.Sequential(nn.Tanh(), outer), nn.Identity())
    run("residual", m, nn.CrossEntropyLoss(), classes, torch.optim.AdamW(groups(m, 0.3), lr=0.04))

    m = network(nn.SiLU(), nn.Identity())
    run("coslog4", m, nn.CrossEntropyLoss(), classes, torch.optim.Adam(m.parameters(), lr=0.1),
        schedule=by_progress(coslog4))

    m = network(nn.Tanh(), nn.Identity())
    run("flat-cos", m, nn.MSELoss(), numbers, torch.optim.AdamW(groups(m, 0.3), lr=0.05),
        schedule=by_progress(flat_cos), decay=lambda t: 0.3 * flat_cos(t))

    m = network(nn.PReLU(), nn.Identity())
    weights, first_bias, slope, last_bias = [m[0].weight, m[2].weight], m[0].bias, m[1].weight, m[2].bias
    run("rate-factors", m, nn.CrossEntropyLoss(), classes, torch.optim.AdamW([
        {"params": weights, "weight_decay": 0.3},
        {"params": [first_bias, last_bias], "weight_decay": 0, "lr": 0.1 * 0.04},
        {"params": [slope], "weight_decay": 0, "lr": 3 * 0.04}], lr=0.04))

    m = network(nn.Tanh(), nn.Identity())
    run_lbfgs("lbfgs", m, nn.CrossEntropyLoss(), classes, l2=0.02)

    m = network(nn.SiLU(), nn.Identity())
    run_lbfgs("lbfgs-steep", m, lambda z, y: 100 * nn.functional.mse_loss(z, y), numbers, l2=0.001)

    for history in 1, 3, 10, 100:
        count_lbfgs(history)


main()
