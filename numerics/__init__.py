"""Everything that computes with numbers: balls, kernels, networks, training. It imports nothing above it."""
