"""Spectra of the kernels of wide networks: on the Boolean cube, on the sphere, and under a Gaussian."""
