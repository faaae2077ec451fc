"""What Theano could do."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "system-T1",
        "Compiled symbolic graph",
        "Symbolic graph, function compiled, shared variables with updates. Modern counterpart: PyTorch "
        "eager + torch.compile.",
        source="Theano, doc/tutorial",
    ),
    Entry(
        "system-T2",
        "Gradients, Jacobians, Hessians, L- and R-operators",
        "grad, jacobian, hessian, Lop, Rop, subgraph_grad. Modern counterpart: autograd, "
        "torch.func.jvp/vjp/jacrev/hessian; HVP test.",
        source="Theano, gradient.py",
    ),
    Entry(
        "system-T3",
        "Control of gradients",
        "Gradient control: consider_constant, zero_grad, undefined_grad, disconnected_grad, grad_clip, "
        "grad_scale. Modern counterpart: detach, hooks.",
        source="Theano, gradient.py",
    ),
    Entry(
        "system-T4",
        "Gradient verification",
        "verify_grad (finite-difference unit test of any op; numbers in 4.1-04). Modern counterpart: own "
        "gradient checker + torch.autograd.gradcheck.",
        source="Theano, gradient.py",
    ),
    Entry(
        "system-T5",
        "Debugging modes against NaN",
        "NanGuardMode (NaN, Inf, big values; names the node), DebugMode (self-checks), MonitorMode. Modern "
        "counterpart: module hooks that name layer and tensor; uninitialised-buffer NaN fill.",
        source="Theano, doc/library/compile",
    ),
    Entry(
        "system-T6",
        "Advice against NaN",
        "nan_tutorial advice: keep halving the lr; check penalties and init; search a wider space with 1–2 "
        "epochs. Modern counterpart: diagnostic text.",
        source="Theano, doc/tutorial/nan_tutorial",
    ),
    Entry(
        "system-T7",
        "Rewrites for numerical stability",
        "Stability rewrites: log(1+exp x), log-softmax, logsumexp. Modern counterpart: logsigmoid, "
        "cross_entropy; ±1e4 test.",
        source="Theano, doc/optimizations",
    ),
    Entry(
        "system-T8",
        "Graph simplifications",
        "Graph simplifications: constant folding, merge, dot22/gemm, elementwise fusion, in-place. Modern "
        "counterpart: torch.compile.",
        source="Theano, doc/optimizations",
    ),
    Entry(
        "system-T9",
        "Loops with gradients",
        "scan loops (with gradient). Modern counterpart: Python loops.",
        source="Theano, doc/library/scan",
    ),
    Entry(
        "system-T10",
        "Sparse products and sampled products",
        "Sparse: CSC/CSR, structured_dot (sparse × dense; C code for perform and grad), sampling_dot (only "
        "chosen entries of a product: the primitive under reconstruction sampling), true_dot, usmm. Modern "
        "counterpart: torch.sparse, gather + einsum; equality and cost tests.",
        source="Theano, doc/library/sparse",
    ),
    Entry(
        "system-T11",
        "Transparent use of the GPU",
        "GPU transparently, float32, data on device; multi-GPU. Modern counterpart: .to(device).",
        source="Theano, doc/tutorial/using_gpu",
    ),
    Entry(
        "system-T12",
        "Profiler",
        "Profiler per op and per function, memory profile. Modern counterpart: torch.profiler report, "
        "copies counter.",
        source="Theano, doc/tutorial/profiling",
    ),
    Entry(
        "system-T13",
        "BLAS check and benchmark",
        "BLAS check/bench, OpenMP. Modern counterpart: bench command.",
        source="Theano, misc/check_blas.py, multi_cores",
    ),
    Entry(
        "system-T14",
        "Random streams",
        "Random streams, seeded per variable. Modern counterpart: seeded generators per purpose.",
        source="Theano, doc/tutorial/examples",
    ),
    Entry(
        "system-T15",
        "Convolutions, pooling, drawing of graphs",
        "Convolution, pooling, batch-norm, CTC ops; printing/graph drawing (d3viz, debugprint, "
        "pydotprint). Modern counterpart: torch; graph depth/summary reporter.",
        source="Theano, doc/library",
    ),
)
