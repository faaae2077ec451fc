"""One module per kind of source: CSV, frames (Parquet, Arrow, memory), arrays (NPY, NPZ), IDX, svmlight."""
