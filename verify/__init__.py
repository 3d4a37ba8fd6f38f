"""What is claimed, and what the evidence allows us to say."""
