"""Judge profiles, prompts, verdicts, the judge run."""
