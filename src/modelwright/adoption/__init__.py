"""Prototypes become working models: what a notebook or a script does, and what is wrong with it.

In: a prototype's file. Out: a `Prototype`: what its code does, and what would break in production or flatters
the score, found without running it; and its `Pipeline`, with the proof that it predicts the same.
"""

from modelwright.adoption.agreeing import Proof, as_outcome, prove
from modelwright.adoption.checks import CHECKS
from modelwright.adoption.claims import Claim, judging
from modelwright.adoption.project_files import pipeline_files
from modelwright.adoption.prototype import Prototype, Studied, read_prototype, study
from modelwright.adoption.rewriting import Pipeline, write_pipeline
from modelwright.adoption.running import run_program, without_network
from modelwright.adoption.sources import locate_data

__all__ = [
    "CHECKS",
    "Claim",
    "Pipeline",
    "Proof",
    "Prototype",
    "Studied",
    "as_outcome",
    "judging",
    "locate_data",
    "pipeline_files",
    "prove",
    "read_prototype",
    "run_program",
    "study",
    "without_network",
    "write_pipeline",
]
