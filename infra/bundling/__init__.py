"""Builds the zip of each function, without Docker, for AWS and for the laptop's interpreter alike.

A bundle is two layers in one zip: locked dependencies, pruned to what runs, and the first-party packages
of one function. Both are cached under `.build/` by a digest of their inputs.
"""
