"""Modelwright: from a request to a model in production that is watched and retrained."""
