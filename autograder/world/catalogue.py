"""Catalogues: product families that are drawn into one CSV file of near-identical articles."""
