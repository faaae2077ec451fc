"""Faults of data, loss and metric: how each shows, what to advise, how to plant it."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "fault-D1",
        "Unscaled inputs",
        "Symptom: per-feature mean/std, first-layer z scale. Rule (a proposal): max std/median std >100 or "
        "|mean|>10 std or rms(z₁)>30, no norm layer in front. Advice: standardise / robust-scale + smooth "
        "clip (Bengio 2012 preprocessing; RealMLP). To inject: ×10^U(2,4) on 30 % columns; 0–255 pixels.",
        "derived",
    ),
    Entry(
        "fault-D2",
        "Constant or duplicate feature",
        "Symptom: std, largest correlation. Rule (a proposal): std<1e-8(1+|mean|) or |r|>.9999. Advice: "
        "drop, keep one. To inject: zero/copy columns.",
        "derived",
    ),
    Entry(
        "fault-D3",
        "NaN/Inf input or target",
        "Symptom: count. Rule (a proposal): >0. Advice: impute + indicator. To inject: 0.1 % NaN.",
        "derived",
    ),
    Entry(
        "fault-D4",
        "Heavy tails",
        "Symptom: q99.9−q50 over IQR. Rule (a proposal): >100. Advice: log/rank transform, clip 3 "
        "(RealMLP). To inject: Cauchy in 1 % cells.",
        "derived",
    ),
    Entry(
        "fault-D5",
        "Labels shuffled against inputs",
        "Symptom: validation ≈ majority, 1-NN & logistic CV ≈ majority, but one batch overfits. Rule (a "
        "proposal): all within 2 SE of baseline. Advice: check pairing/joins/shuffling (Karpathy). To "
        "inject: permute y.",
        "derived",
    ),
    Entry(
        "fault-D6",
        "Label noise",
        "Symptom: out-of-fold P(given label) low; memorisation late. Rule (a proposal): estimated noise >5 "
        "%. Advice: list suspects, label smoothing, earlier stop. To inject: flip 10–40 % (DeepCrime "
        "change_label).",
        "derived",
    ),
    Entry(
        "fault-D7",
        "Class imbalance hurting",
        "Symptom: class ratio & per-class recall. Rule (a proposal): ratio >10 and min recall <½ mean "
        "recall. Advice: class weights/prior bias initialisation (Karpathy). To inject: "
        "unbalance_train_data.",
        "derived",
    ),
    Entry(
        "fault-D8",
        "train–validation leakage (duplicates)",
        "Symptom: hash/near-duplicates share; validation>train. Rule (a proposal): >0.5 % duplicates or "
        "validation−train >3 SE. Advice: re-split by group. To inject: copy 20 % of validation into train.",
        "derived",
    ),
    Entry(
        "fault-D9",
        "Target leakage feature",
        "Symptom: best one-feature score vs full. Rule (a proposal): ≥.98 of full and >.95 AUC. Advice: "
        "remove/inspect feature. To inject: append y+noise.",
        "derived",
    ),
    Entry(
        "fault-D10",
        "train/validation shift or different normalisation",
        "Symptom: two-sample classifier AUC; mean shift. Rule (a proposal): AUC>.75 or shift>.5σ. Advice: "
        "fit scaler on train only, apply to all. To inject: offset/raw validation.",
        "derived",
    ),
    Entry(
        "fault-D11",
        "Unshuffled data",
        "Symptom: label entropy per batch vs expected, lag-1 label autocorr, loss period = epoch. Rule (a "
        "proposal): entropy <.5 expected. Advice: shuffle=True (Bengio 2012: shuffled SGD). To inject: "
        "sort by y.",
        "derived",
    ),
    Entry(
        "fault-D12",
        "Class overlap / no signal",
        'Symptom: Bayes-ish kNN ceiling. Rule (a proposal): net within 1 SE of kNN ceiling. Advice: "data '
        'limit, not optimiser". To inject: make_output_classes_overlap.',
        "derived",
    ),
    Entry(
        "fault-L1",
        "Softmax/sigmoid before a logits loss",
        "Symptom: rows ≥0, Σ=1±1e-3; loss floor log(1+(K−1)/e). Rule (a proposal): exact check. Advice: "
        "feed logits (PyTorch doc; UMLAUT). To inject: add nn.Softmax.",
        "derived",
    ),
    Entry(
        "fault-L2",
        "Loss does not fit target",
        "Symptom: dtype/range/cardinality of y vs loss. Rule (a proposal): exact + better loss wins A/B. "
        "Advice: swap loss. To inject: change_loss_function.",
        "derived",
    ),
    Entry(
        "fault-L3",
        "Output activation cannot reach targets",
        "Symptom: share of y outside image of activation; clipped outputs. Rule (a proposal): >1 %. "
        "Advice: remove / rescale output (Bengio 2012: no hard rectifier on outputs). To inject: ReLU/tanh "
        "on regression head.",
        "derived",
    ),
    Entry(
        "fault-L4",
        "Wrong loss at initialisation",
        "Symptom: L₀ vs prior entropy (or var y). Rule (a proposal): |L₀/L*−1|>.2 and >.3 nat. Advice: "
        "shrink last layer, set bias to log prior (Karpathy, Bengio 2012). To inject: last W×20, bias+10.",
        "derived",
    ),
    Entry(
        "fault-L5",
        "reduction='sum'",
        "Symptom: ‖g‖(2B)/‖g‖(B)≈2. Rule (a proposal): ratio in 1.8–2.2. Advice: mean reduction or rescale "
        "learning rate. To inject: reduction='sum'.",
        "derived",
    ),
    Entry(
        "fault-L6",
        "Negative / unbounded loss, log of ≤0",
        "Symptom: min loss<0 where impossible; Inf. Rule (a proposal): any. Advice: NLLLoss needs "
        "log-probs; clamp. To inject: NLL on probabilities.",
        "derived",
    ),
    Entry(
        "fault-L7",
        "Broadcast (B,1)×(B)",
        "Symptom: loss inputs' shapes differ but broadcast; predictions→mean. Rule (a proposal): exact. "
        "Advice: squeeze/unsqueeze. To inject: unsqueeze y.",
        "derived",
    ),
    Entry(
        "fault-L8",
        "Metric disagrees with loss or is wrong",
        "Symptom: our recomputed metric ≠ reported. Rule (a proposal): >1e-6. Advice: fix argmax axis / "
        "threshold. To inject: argmax(dim=0).",
        "derived",
    ),
    Entry(
        "fault-L9",
        "Cross-example leak (view/transposed batch)",
        "Symptom: ∂L_i/∂x_j ≠0, i≠j, eval mode. Rule (a proposal): >1e-8 relative. Advice: use transpose, "
        "not view (Karpathy). To inject: x.view(-1,B).T.",
        "derived",
    ),
    Entry(
        "fault-L10",
        "Padding counted in loss",
        "Symptom: pad share, loss on pads. Rule (a proposal): >20 % & included. Advice: ignore_index/mask. "
        "To inject: drop mask.",
        "derived",
    ),
)
