"""All checks of a prototype's code, in the order of their codes."""

from __future__ import annotations

from modelwright.adoption.checks.answers_given_away import (
    features_of_the_future,
    groups_on_both_sides,
    shuffled_time,
    target_among_the_features,
)
from modelwright.adoption.checks.before_the_split import (
    encoded_by_what_was_there,
    fitted_before_the_split,
    learned_from_test_rows,
    outside_the_folds,
    resampled_before_the_split,
    target_before_the_split,
)
from modelwright.adoption.checks.judging import (
    many_on_test_rows,
    no_held_out_rows,
    test_rows_choose,
    trained_on_what_judges,
)
from modelwright.adoption.checks.scene import Check, Scene
from modelwright.adoption.checks.state import cells_out_of_order, hidden_state, no_seed, not_python
from modelwright.adoption.checks.writing import (
    absolute_paths,
    dead_code,
    installed_in_passing,
    outdated_calls,
    pickled,
    secrets,
    silenced,
)
from modelwright.adoption.reading import Code, Seen
from modelwright.problem import Finding

CHECKS: dict[str, Check] = {
    "MW-N001": fitted_before_the_split,
    "MW-N002": target_before_the_split,
    "MW-N003": resampled_before_the_split,
    "MW-N004": target_among_the_features,
    "MW-N005": trained_on_what_judges,
    "MW-N006": test_rows_choose,
    "MW-N007": many_on_test_rows,
    "MW-N008": features_of_the_future,
    "MW-N009": shuffled_time,
    "MW-N010": groups_on_both_sides,
    "MW-N011": no_held_out_rows,
    "MW-N012": outside_the_folds,
    "MW-N013": learned_from_test_rows,
    "MW-N014": encoded_by_what_was_there,
    "MW-N020": cells_out_of_order,
    "MW-N021": hidden_state,
    "MW-N022": not_python,
    "MW-N023": no_seed,
    "MW-N024": absolute_paths,
    "MW-N025": secrets,
    "MW-N026": outdated_calls,
    "MW-N027": dead_code,
    "MW-N028": installed_in_passing,
    "MW-N029": pickled,
    "MW-N030": silenced,
}
"""By code; each check yields findings of its own code alone."""


def findings_of(code: Code, seen: Seen) -> tuple[Finding, ...]:
    """Return what would break in production or flatters the score, in the order of the codes."""
    scene = Scene(code, seen)
    return tuple(finding for check in CHECKS.values() for finding in check(scene))
