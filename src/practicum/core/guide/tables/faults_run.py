"""Faults of the training loop, of evaluation, and of unsupervised, sparse and recurrent models."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "fault-C1",
        "zero_grad missing",
        "Symptom: .grad ≠0 before backward; cos(g_t,g_{t−1})>.95, ‖g‖∝t. Rule (a proposal): exact "
        "(accumulation declared?). Advice: zero_grad each step. To inject: omit.",
        "derived",
    ),
    Entry(
        "fault-C2",
        "step() missing / no update",
        "Symptom: Δθ≡0 with g≠0. Rule (a proposal): 3 steps. Advice: call step. To inject: omit.",
        "derived",
    ),
    Entry(
        "fault-C3",
        "No graph (detach/.item()/no_grad)",
        "Symptom: no grads. Rule (a proposal): exact. Advice: keep tensor. To inject: detach.",
        "derived",
    ),
    Entry(
        "fault-C4",
        "Training in eval mode",
        "Symptom: module.training False in backward. Rule (a proposal): exact. Advice: model.train() each "
        "epoch. To inject: eval() once.",
        "derived",
    ),
    Entry(
        "fault-C5",
        "Validating in train mode",
        "Symptom: training True under no_grad; validation(train)≠validation(eval) >2 SE. Rule (a "
        "proposal): exact. Advice: model.eval(). To inject: omit.",
        "derived",
    ),
    Entry(
        "fault-C6",
        "Same batch repeated",
        "Symptom: input hash repeats >expected. Rule (a proposal): >3×. Advice: iterate loader, not "
        "next(iter()). To inject: next(iter()).",
        "derived",
    ),
    Entry(
        "fault-C7",
        "Identical RNG in workers / epochs",
        "Symptom: hash of augmented batches. Rule (a proposal): duplicates across workers. Advice: "
        "worker_init_fn. To inject: numpy RNG.",
        "derived",
    ),
    Entry(
        "fault-C8",
        "memory/graph leak",
        "Symptom: RSS slope, step-time slope. Rule (a proposal): >1 MB/step for 200. Advice: .item(), "
        "detach state. To inject: loss += loss.",
        "derived",
    ),
    Entry(
        "fault-C9",
        "Data-bound loop",
        "Symptom: data time share. Rule (a proposal): >50 %. Advice: in-memory tensors, fewer workers. To "
        "inject: sleep/PIL decode.",
        "derived",
    ),
    Entry(
        "fault-C10",
        "Irreproducible run",
        "Symptom: two same-seed runs differ. Rule (a proposal): rel >1e-6. Advice: seed all, deterministic "
        "flags. To inject: unseeded sampler.",
        "derived",
    ),
    Entry(
        "fault-E1",
        "Over-fitting",
        "Symptom: validation EMA >1.1×min while train falls; gap >3 SE. Rule (a proposal): and ≥5 evals. "
        'Advice: stop at best, dropout, weight decay, data (Bengio 2012 early stopping "free"). To inject: '
        "n=200, wide.",
        "derived",
    ),
    Entry(
        "fault-E2",
        "Under-fitting",
        "Symptom: train ≈ baseline, capacity probe helps. Rule (a proposal): probe. Advice: width/learning "
        "rate/less regularisation To inject: width 2, dropout .9.",
        "derived",
    ),
    Entry(
        "fault-E3",
        "Over-training past best",
        "Symptom: evals since best > patience, delta .01. Rule (a proposal): 10. Advice: restore best. To "
        "inject: no early stop.",
        "derived",
    ),
    Entry(
        "fault-E4",
        "Dropout too strong",
        "Symptom: train(eval) ≫ train(train) & both poor. Rule (a proposal): gap>10 %, A/B p/2 better. "
        "Advice: lower p. To inject: p=.9.",
        "derived",
    ),
    Entry(
        "fault-E5",
        "Validation too small / absent",
        "Symptom: SE(validation) > differences acted on. Rule (a proposal): SE>claimed gain. Advice: CV or "
        "bigger split. To inject: n_val=20; remove_validation_set.",
        "derived",
    ),
    Entry(
        "fault-E6",
        "Worse than trivial/linear baseline",
        "Symptom: vs majority, mean, logistic/ridge. Rule (a proposal): >2 SE worse at end. Advice: look "
        "for bug before tuning (Karpathy). To inject: any.",
        "derived",
    ),
    Entry(
        "fault-E7",
        "Seed noise mistaken for gain",
        "Symptom: sd over seeds vs difference. Rule (a proposal): paired t p>.05. Advice: ≥5 seeds (Bengio "
        "2012). To inject: re-rank 2 seeds.",
        "derived",
    ),
    Entry(
        "fault-E8",
        "Best value at the search border",
        "Symptom: winner in outer 10 % of range. Rule (a proposal): exact. Advice: extend range (Bengio "
        "2012, Tuning Playbook). To inject: narrow grid.",
        "derived",
    ),
    Entry(
        "fault-S1",
        "Auto-encoder copies (over-complete, no noise)",
        "Symptom: clean reconstruction→0 but denoising gain ≈0; J^TJ≈I. Rule (a proposal): denoise R² <.1. "
        "Advice: corruption 10–40 % (Vincent'10: flat optimum), salt-pepper + emphasis. To inject: noise 0.",
        "derived",
    ),
    Entry(
        "fault-S2",
        "Auto-encoder collapses to the mean",
        "Symptom: var(x̂)/var(x). Rule (a proposal): <.05. Advice: lower weight decay/λ contractive, "
        "initialisation. To inject: λ=10.",
        "derived",
    ),
    Entry(
        "fault-S3",
        "Pre-training does not help",
        "Symptom: A/B vs random initialisation over ≥5 seeds. Rule (a proposal): CI ∋ 0. Advice: say so; "
        "skip it. To inject: 60 k labels.",
        "derived",
    ),
    Entry(
        "fault-S4",
        "Embedding rows never trained",
        "Symptom: touched rows/vocab. Rule (a proposal): <90 % after epoch. Advice: min count, OOV, "
        "hashing. To inject: vocab×10.",
        "derived",
    ),
    Entry(
        "fault-S5",
        "Negatives are positives / margin inactive",
        "Symptom: filtered hit rate of negatives; active hinge share. Rule (a proposal): >5 % ; <1 % from "
        "start. Advice: filter, bigger margin. To inject: sample positives; margin 0.",
        "derived",
    ),
    Entry(
        "fault-S6",
        "Embedding norms explode",
        "Symptom: p99/p50 norm. Rule (a proposal): >20. Advice: norm constraint (TransE), regularisation "
        "To inject: learning rate×30.",
        "derived",
    ),
    Entry(
        "fault-S7",
        "RNN gradient through time explodes/vanishes",
        "Symptom: ‖δ_{t−k}‖/‖δ_t‖ slope over k. Rule (a proposal): >1.1^k or <.7^k at k=30. Advice: clip "
        "(Pascanu'13), orthogonal initialisation, LSTM bias 1. To inject: ρ(W)=1.5/.3.",
        "derived",
    ),
    Entry(
        "fault-S8",
        "Hidden state not detached",
        "Symptom: step time & memory grow. Rule (a proposal): slope t>5. Advice: detach. To inject: keep "
        "graph.",
        "derived",
    ),
    Entry(
        "fault-S9",
        "Sparse input densified",
        "Symptom: nnz share. Rule (a proposal): <5 % & dense matmul. Advice: CSR path / sampled "
        "reconstruction (Dauphin'11). To inject: toarray().",
        "derived",
    ),
)
