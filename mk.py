import numpy as np, polars as pl, struct
from sklearn.datasets import dump_svmlight_file, load_digits
d=load_digits(); X,y=d.data,d.target
np.savez('dig.npz',x=X,y=y); np.save('dig.npy',np.c_[X,y])
dump_svmlight_file(X,y,'dig.svm')
a=(X.reshape(-1,8,8)*15).astype('u1')
open('dig-images-idx3-ubyte','wb').write(struct.pack('>IIII',0x803,len(a),8,8)+a.tobytes())
open('dig-labels-idx1-ubyte','wb').write(struct.pack('>II',0x801,len(a))+y.astype('u1').tobytes())
t=pl.read_csv('/work/shared/data/tabular/titanic.csv.gz',null_values='?',infer_schema_length=None); t.write_parquet('t.parquet'); t.head(200).write_csv('tt.csv')
