"""Benchmarks: `bin/bench`. Figures are told as ratios to a floor measured in the same run; nothing here is a test."""
