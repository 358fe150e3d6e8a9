"""What several questions share: draws, ensembles, readings."""
