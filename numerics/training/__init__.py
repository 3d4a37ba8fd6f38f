"""Training of finite networks: gradient flow with its errors, and the columns that claims about training look at."""
