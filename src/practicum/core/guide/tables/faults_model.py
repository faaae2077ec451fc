"""Faults of architecture, initialisation, optimiser and schedule."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "fault-A1",
        "symmetric/zero initialisation",
        "Symptom: pairwise cos of units' weights & grads. Rule (a proposal): >.999 for >50 % pairs. "
        "Advice: random Glorot/He (Bengio 2012 §initialisation: ±√(6/(fi+fo)), ×4 sigmoid). To inject: "
        "zeros/constant.",
        "derived",
    ),
    Entry(
        "fault-A2",
        "Initialisation too small",
        "Symptom: std(a_l) shrink per layer. Rule (a proposal): <.5/layer and last/first <1e-2 at step 0. "
        "Advice: He/Glorot. To inject: W×.1.",
        "derived",
    ),
    Entry(
        "fault-A3",
        "Initialisation too large",
        "Symptom: step-0 saturation, std growth >2/layer, L₀ huge. Rule (a proposal): sat>50 % or growth. "
        "Advice: same. To inject: W×10.",
        "derived",
    ),
    Entry(
        "fault-A4",
        "Vanishing gradient",
        "Symptom: rms δ₁/rms δ_L, u₁. Rule (a proposal): <1e-3 and u₁<1e-6 and loss slope ≥0. Advice: "
        "ReLU/tanh, norm, skip, layer-wise pre-train (Glorot'10, Bengio 2012). To inject: 8–12 sigmoid "
        "layers.",
        "derived",
    ),
    Entry(
        "fault-A5",
        "Exploding gradient",
        "Symptom: ‖g‖ vs rolling median; NaN. Rule (a proposal): >10× p99 for ≥3 steps in 100, or NaN. "
        "Advice: clip at p90 (Tuning Playbook), lower learning rate, initialisation. To inject: gain 3, "
        "depth 12.",
        "derived",
    ),
    Entry(
        "fault-A6",
        "Dead ReLU units",
        "Symptom: per-unit firing rate over ≥2 000 distinct examples. Rule (a proposal): rate<.1 %; >25 % "
        "units warn, >50 % critical. Advice: lower learning rate, He initialisation, leaky, bias 0. To "
        "inject: bias −5; learning rate spike.",
        "derived",
    ),
    Entry(
        "fault-A7",
        "Saturated sigmoid/tanh",
        "Symptom: mean f′(z)/max f′ per unit. Rule (a proposal): <.05 for >50 % units, 2+ windows. Advice: "
        "smaller initialisation/inputs; not sigmoid on top hidden (Bengio 2012). To inject: W×10, x×100.",
        "derived",
    ),
    Entry(
        "fault-A8",
        "Missing non-linearity",
        "Symptom: two affine maps adjacent in module trace; linear map input→logits R²>.999. Rule (a "
        "proposal): exact / R². Advice: add activation. To inject: remove_activation.",
        "derived",
    ),
    Entry(
        "fault-A9",
        "Bottleneck / too narrow",
        "Symptom: overfit-one-batch fails, width×4 probe −20 % loss. Rule (a proposal): probe. Advice: "
        "widen (Bengio 2012: bigger than needed + regularise). To inject: hidden=1–2.",
        "derived",
    ),
    Entry(
        "fault-A10",
        "Layer unused / gradient None",
        "Symptom: gradient is None after backward. Rule (a proposal): any trainable. Advice: connect, "
        "ModuleList not list. To inject: unused layer, detach.",
        "derived",
    ),
    Entry(
        "fault-A11",
        "Parameter not in optimiser / replaced after",
        "Symptom: g≠0 but Δθ=0. Rule (a proposal): exact, 3 steps. Advice: rebuild optimiser. To inject: "
        "new head after opt.",
        "derived",
    ),
    Entry(
        "fault-A12",
        "Frozen by accident",
        "Symptom: requires_grad False share. Rule (a proposal): >0 unless declared. Advice: unfreeze. To "
        "inject: freeze.",
        "derived",
    ),
    Entry(
        "fault-A13",
        "BatchNorm + tiny batch",
        "Symptom: B<8 or last batch 1. Rule (a proposal): exact + validation(eval)−validation(train) gap. "
        "Advice: GroupNorm, drop_last. To inject: B=2.",
        "derived",
    ),
    Entry(
        "fault-A14",
        "Rank collapse",
        "Symptom: effective rank late/early, /width. Rule (a proposal): <.5 and <5 % width. Advice: "
        "learning rate, norm, weight decay. To inject: weight decay 1e-1 on hidden.",
        "derived",
    ),
    Entry(
        "fault-A15",
        "Wrong custom gradient",
        "Symptom: central-difference rel. err, ε=1e-4, float64, per parameter and per ∂L/∂a. Rule (a "
        "proposal): >1e-3 (kinks: 1e-2); sign flips listed first. Advice: fix backward (Bengio 2012 §4.1; "
        "cs231n). To inject: ×.5 or sign.",
        "derived",
    ),
    Entry(
        "fault-A16",
        "Lower layers idle, top layer memorises",
        "Symptom: u₁≪u_top, features ≈ initialisation (CKA>.98), train→0 while linear probe on layer l no "
        "better than at initialisation. Rule (a proposal): all three. Advice: layer-wise learning "
        "rate/pre-train, smaller top (Bengio 2012 §4.1). To inject: freeze-like learning rate×1e-4 on "
        "layer 1–2, wide top.",
        "derived",
    ),
    Entry(
        "fault-O1",
        "Learning rate too high",
        "Symptom: EMA loss >1.3× its min or >L₀; u>3e-2; LR-probe at learning rate/10 better. Rule (a "
        "proposal): two of three. Advice: ÷3 until no divergence, optimum within ×2 of the edge (Bengio "
        "2012); warm-up, Tuning Playbook order. To inject: learning rate×30–300.",
        "derived",
    ),
    Entry(
        "fault-O2",
        "Learning rate too low",
        "Symptom: u<1e-5 (SGD) / loss gain <5 % of A/B at 10× learning rate. Rule (a proposal): probe wins "
        "2×. Advice: raise learning rate (log grid). To inject: learning rate÷1000.",
        "derived",
    ),
    Entry(
        "fault-O3",
        "Oscillation",
        "Symptom: detrended CV, lag-1 autocorr<0, gradient cos <−.2. Rule (a proposal): CV>.2 & slope≥0. "
        "Advice: ÷3 learning rate, less momentum, bigger B. To inject: learning rate×10, momentum .99.",
        "derived",
    ),
    Entry(
        "fault-O4",
        "Plateau",
        "Symptom: slope CI ∋0 for W steps while one batch overfits. Rule (a proposal): CI. Advice: decay "
        "learning rate; check L/D faults. To inject: –.",
        "derived",
    ),
    Entry(
        "fault-O5",
        "Decay too early",
        "Symptom: learning rate<1 % peak before 50 % budget while slope<0. Rule (a proposal): exact. "
        "Advice: stretch schedule (Karpathy, Tuning Playbook). To inject: γ=.1 per epoch.",
        "derived",
    ),
    Entry(
        "fault-O6",
        "Scheduler per batch vs per epoch",
        "Symptom: learning rate changes/epoch vs period. Rule (a proposal): exact. Advice: move step(). To "
        "inject: inside loop.",
        "derived",
    ),
    Entry(
        "fault-O7",
        "Batch too large",
        "Symptom: B>4·B_simple or <20 steps/epoch. Rule (a proposal): A/B B/4 better at equal samples. "
        "Advice: smaller B (Bengio 2012: 32 default). To inject: B=N/2.",
        "derived",
    ),
    Entry(
        "fault-O8",
        "Batch too small",
        "Symptom: B<B_simple/8, successive-gradient cos<.05. Rule (a proposal): A/B. Advice: double B, "
        "raise learning rate. To inject: B=1.",
        "derived",
    ),
    Entry(
        "fault-O9",
        "Momentum too high",
        "Symptom: loss ringing, velocity/gradient norm >50. Rule (a proposal): >50. Advice: β .9 or "
        "learning rate×(1−β). To inject: .999.",
        "derived",
    ),
    Entry(
        "fault-O10",
        "Adam ε too large",
        "Symptom: share √v̂<ε. Rule (a proposal): >50 %. Advice: ε 1e-8. To inject: eps=1.",
        "derived",
    ),
    Entry(
        "fault-O11",
        "Weight decay too strong",
        "Symptom: decay step/gradient step. Rule (a proposal): >1 median, ‖W‖ falling monotonically, "
        "train≈baseline. Advice: ÷10 on log grid. To inject: weight decay=1.",
        "derived",
    ),
    Entry(
        "fault-O12",
        "Decay on bias/norm/embedding",
        "Symptom: param groups. Rule (a proposal): exact (info). Advice: exclude (RealMLP bias weight "
        "decay 0). To inject: default AdamW.",
        "derived",
    ),
    Entry(
        "fault-O13",
        "Clipping too hard",
        "Symptom: share of clipped steps. Rule (a proposal): >50 % (PB). Advice: lower learning rate "
        "instead. To inject: max_norm 1e-3.",
        "derived",
    ),
    Entry(
        "fault-O14",
        "Stopped too soon",
        "Symptom: last-window validation slope t<−2, no rise. Rule (a proposal): t-test. Advice: more "
        "epochs/patience (Tuning Playbook; 18 of DeepFD's 52). To inject: epochs 1–3, patience 1.",
        "derived",
    ),
    Entry(
        "fault-O15",
        "NaN/Inf anywhere",
        "Symptom: first op/layer/step. Rule (a proposal): exact, bisect by hooks. Advice: cause table: "
        "log0, ÷0, learning rate, overflow. To inject: log(0).",
        "derived",
    ),
)
