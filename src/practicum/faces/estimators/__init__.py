"""scikit-learn estimators: the whole procedure as one learner without hyper-parameters that must be set [3-01]."""
