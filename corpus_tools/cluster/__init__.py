"""Where a chain runs on many machines: tasks that know one part of the corpus each, and Dask to hand them out."""
