"""Keeps goals."""

from chain.goal import document_models, models, plan_models

__all__ = ["document_models", "models", "plan_models"]
