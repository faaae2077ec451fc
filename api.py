import polars as pl, pandas as pd, numpy as np, practicum
from sklearn.datasets import load_iris, load_diabetes
i=load_iris(as_frame=True).frame
def t(f):
    try: r=f(); print('ok',repr(r)[:300])
    except Exception as e: print(type(e).__name__,str(e)[:300])
run=practicum.fit(i,target='target',budget='4s',out='/tmp/rv/iris_run') if True else None
print(run.summary.task, run.summary.test.error, run.summary.test.interval, run.classes)
t(lambda: run.predict(i.head(3))); t(lambda: run.predict_proba(i.head(2))); t(lambda: run.predict(i.drop(columns='target').to_numpy()[:2])); t(lambda: run.predict(i.head(0)))
t(lambda: practicum.load('/tmp/rv/iris_run').predict(i.head(3))); t(lambda: run.predict(i.drop(columns='sepal length (cm)')))
X,y=load_iris(return_X_y=True)
t(lambda: practicum.fit(X,y,budget='3s')); t(lambda: practicum.fit(X,target=y,budget='3s').classes)
t(lambda: practicum.fit(i,target='targe',budget='3s'));t(lambda: practicum.fit(i,'target',budget=3,seeds=1).predict(i.head(2)));t(lambda: practicum.fit([[1,2]],target='a'));t(lambda:practicum.fit(i,target='target',budget='4s',bogus=1)); t(lambda: practicum.load('/tmp/rv/nope'))
t(lambda: practicum.fit(i,target='target',out='/tmp/rv/iris_run',budget='3s'))
t(lambda: run); t(lambda: practicum.fit(i,target='target',recipe=practicum.Recipe(hidden_sizes=[8],num_steps=50),seeds=1).summary.recipe)
t(lambda: practicum.fit(i,target='target',recipe={'hidden_sizes':[8],'num_steps':50},seeds=1).summary.recipe)
