"""Who trains: workers that are threads or processes, their orders, and what happens when one of them dies."""
