import sys
sys.path.insert(0,'/tmp/rv')
from practicum.__main__ import main
def go(*a):
    print('\n$',*a,flush=True)
    try: r=main(list(a)); print('  rc',r,flush=True)
    except BaseException as e:
        import traceback; traceback.print_exc(limit=-3,file=sys.stdout); sys.stdout.flush()
D='/work/shared/data/tabular/'
go('fit','dig.npz','--target','y','--dry-run');go('fit','dig.npz','--target','target','--dry-run');go('fit','dig.npy','--target','x64','--dry-run');go('fit','dig.svm','--target','target','--dry-run');go('fit','dig.svm','--target','y','--dry-run')
go('fit','dig-images-idx3-ubyte','--target','dig-labels-idx1-ubyte','--dry-run');go('fit','dig-images-idx3-ubyte','--target','label','--dry-run')
go('fit','t.parquet','--target','survived','--test','tt.csv','--dry-run');go('fit','t.parquet','--target','survived','--test','sp.csv','--dry-run');go('fit','t.parquet','--target','survived','--test','nope.csv','--dry-run')
go('fit',D+'hflights.csv.gz','--target','ArrDelay','--group','TailNum','--dry-run','--json')
go('fit',D+'electricity.csv.gz','--target','class','--time','date','--dry-run')
go('fit',D+'hypothyroid.csv.gz','--target','Class','--dry-run')
go('fit',D+'hflights.csv.gz','--target','Cancelled','--time','FlightDate','--dry-run')
go('fit','de.csv','--target','Kauf 🛒','--time','Datum','--dry-run')
go('fit','de.csv','--target','Kauf 🛒','--group','Kauf 🛒','--dry-run')
go('fit','de.csv','--target','Größe','--dry-run'); go('fit','money.csv','--target','price','--dry-run');go('fit','deth.csv','--target','Preis','--dry-run');go('fit','deth.csv','--target','Ziel','--dry-run')
open('t1.csv','w').write('Sales report 2021\n\n'+open('sp.csv').read()); go('fit','t1.csv','--target','y','--dry-run')
go('fit','readme/examples/README.md','--target','y','--dry-run')
for txt in ['hidden_sizes: [64, 64','learning_rte: 1','learning_rate: -1','learning_rate: fast','activation: tahn','[1,2]','hidden_sizes: 64','batch_size: 1e9','early_stopping: maybe','']:
    open('r.yaml','w').write(txt); print(repr(txt)); go('fit','sp.csv','--target','y','--recipe','r.yaml','--dry-run')
go('fit','sp.csv','--target','y','--recipe','norecipe.yaml','--dry-run')
s=open('runs/de/schema.yaml').read(); print(s)
for a,b in [('kind: numeric','kind: numerik'),('role: input','role: ignore'),('Größe','Grösse'),('kind: datetime','kind: categorical')]:
    open('s.yaml','w').write(s.replace(a,b,1)); print(a,b); go('fit','de.csv','--target','Kauf 🛒','--schema','s.yaml','--dry-run')
